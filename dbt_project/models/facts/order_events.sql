with
    windows as (select as_of_date from {{ ref("windows") }}),
    orders as (select * from {{ ref("orders") }}),
    counted as (
        select
            orders.*,
            coalesce(orders.status, 'completed') not in ('cancelled', 'test') as is_counted
        from orders
        cross join windows
        where orders.order_date <= windows.as_of_date
    )
select
    order_id,
    customer_id,
    order_date,
    is_counted and amount > 0 as is_purchase,
    case when is_counted and amount > 0 then amount end as gross_amount,
    case when is_counted and amount < 0 then - amount end as credit_amount,
    discount_amount,
    cost_amount,
    promo_code
from counted
