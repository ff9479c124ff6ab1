{{ continued(replacing="touched_customers") }}
with
    windows as (select * from {{ ref("windows") }}),
    order_events as (select * from {{ ref("order_events") }} {{ of_touched_customers() }}),
    placed as (
        select
            order_events.*,
            order_date >= windows.since_30d as is_in_30d,
            order_date >= windows.since_90d as is_in_90d,
            order_date >= windows.since_180d as is_in_180d,
            order_date >= windows.since_365d as is_in_365d,
            order_date
            between windows.since_prior_180d and windows.until_prior_180d as is_in_prior_180d
        from order_events
        cross join windows
    )
select
    customer_id,
    min(order_date) filter (where is_purchase) as first_order_date,
    max(order_date) filter (where is_purchase) as last_order_date,
    count(gross_amount) as order_count,
    {%- for days in [30, 90, 180, 365] %}
        count(gross_amount) filter (where is_in_{{ days }}d) as order_count_{{ days }}d,
    {%- endfor %}
    {%- for kind in ["gross", "credit"] %}
        {{ money_sum(kind ~ "_amount") }} as {{ kind }}_amount,
        {%- for window in ["30d", "90d", "180d", "365d", "prior_180d"] %}
            {{ money_sum(kind ~ "_amount", "is_in_" ~ window) }} as {{ kind }}_amount_{{ window }},
        {%- endfor %}
    {%- endfor %}
    {{ money_sum("cost_amount", "is_purchase and is_in_365d") }} as cost_amount_365d,
    {{ money_sum("gross_amount", "cost_amount is null and is_in_365d") }} as uncosted_amount_365d,
    {{ money_sum("discount_amount", "is_purchase and is_in_365d") }} as discount_amount_365d,
    count(promo_code) filter (where is_purchase and is_in_365d) as promo_order_count_365d
from placed
group by customer_id
