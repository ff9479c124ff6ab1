with
    windows as (select as_of_date from {{ ref("windows") }}),
    customers as (select customer_id, created_at from {{ ref("customers") }}),
    customer_orders as (select customer_id from {{ ref("customer_orders") }}),
    seen as (
        select customer_id
        from {{ ref("customer_refunds") }}
        union all
        select customer_id
        from {{ ref("customer_interactions") }}
        union all
        select customer_id
        from {{ ref("customer_opportunities") }}
        union all
        select customer_id
        from {{ ref("customer_feedback") }}
    )
select customer_id
from customer_orders
union
select customers.customer_id
from customers
cross join windows
where
    customers.created_at is null
    or cast(customers.created_at as date) <= windows.as_of_date
    or customers.customer_id in (select customer_id from seen)
