{{ continued(replacing="touched_customers") }}
with
    windows as (select * from {{ ref("windows") }}),
    refunds as (select * from {{ ref("refunds") }}),
    orders as (select order_id, customer_id from {{ ref("orders") }}),
    attributed as (
        select customer_id, refund_date, amount
        from refunds
        where customer_id is not null
        union all
        select orders.customer_id, refunds.refund_date, refunds.amount
        from refunds
        inner join orders on refunds.order_id = orders.order_id
        where refunds.customer_id is null
    ),
    counted as (select * from attributed {{ of_touched_customers() }})
select
    counted.customer_id,
    {{ money_sum("counted.amount") }} as refund_amount,
    {%- for days in [30, 90, 180, 365] %}
        {{ money_sum("counted.amount", "counted.refund_date >= windows.since_" ~ days ~ "d") }}
        as refund_amount_{{ days }}d,
    {%- endfor %}
    {{
        money_sum(
            "counted.amount",
            "counted.refund_date between windows.since_prior_180d and windows.until_prior_180d",
        )
    }} as refund_amount_prior_180d
from counted
cross join windows
where counted.refund_date <= windows.as_of_date
group by counted.customer_id
