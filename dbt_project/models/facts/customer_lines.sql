{{ continued(replacing="touched_customers") }}
with
    windows as (select since_365d from {{ ref("windows") }}),
    order_events as (select * from {{ ref("order_events") }} {{ of_touched_customers() }}),
    purchases as (
        select order_events.order_id, order_events.customer_id
        from order_events
        cross join windows
        where order_events.is_purchase and order_events.order_date >= windows.since_365d
    ),
    order_lines as (select order_id, category, quantity from {{ ref("order_lines") }})
select
    purchases.customer_id,
    cast(coalesce(sum(order_lines.quantity), 0) as decimal(28, 8)) as unit_count_365d,
    count(distinct order_lines.category) as category_count_365d
from order_lines
inner join purchases on order_lines.order_id = purchases.order_id
group by purchases.customer_id
