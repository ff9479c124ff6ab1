{{ continued(replacing="touched_customers") }}
with
    windows as (select * from {{ ref("windows") }}),
    order_events as (select * from {{ events_to_count() }}),
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
    ),
    ever as (
        select
            customer_id,
            min(order_date) filter (where is_purchase) as first_order_date,
            max(order_date) filter (where is_purchase) as last_order_date,
            count(gross_amount) as order_count,
            {{ money_sum("gross_amount") }} as gross_amount,
            {{ money_sum("credit_amount") }} as credit_amount
        from order_events
        group by customer_id
    ),
    {#- apart, since old orders would hold the memory of the sums of windows to add nothing to them #}
    lately as (
        select customer_id, {{ order_sums("is_in") }}
        from placed
        where is_in_365d
        group by customer_id
    ),
    counted as (
        select
            ever.*,
            {{ order_sums_or_zero("lately") }},
            {#- for the build that continues #}
            windows.as_of_date as _counted_for
        from ever
        cross join windows
        left join lately on ever.customer_id = lately.customer_id
    )
    {%- if is_incremental() %}
        ,
        leaving as (
            select customer_id, windows.as_of_date, {{ order_sums("leaves") }}
            from {{ ref("changing_orders") }}
            cross join windows
            group by customer_id, windows.as_of_date
        ),
        left_over as (
            select
                stood.customer_id,
                stood.first_order_date,
                stood.last_order_date,
                stood.order_count,
                stood.gross_amount,
                stood.credit_amount,
                {{ order_sums_left() }},
                windows.as_of_date as _counted_for
            from {{ who_is_not_counted_anew() }}
        )
    {%- endif %}
select *
from counted
{%- if is_incremental() %}
    union all
    select *
    from left_over
{%- endif %}
