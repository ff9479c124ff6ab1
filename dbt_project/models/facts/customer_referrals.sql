with
    windows as (select * from {{ ref("windows") }}),
    customers as (select * from {{ ref("customers") }}),
    customer_orders as (select customer_id, first_order_date from {{ ref("customer_orders") }}),
    referred as (
        select
            customers.referrer_id,
            coalesce(
                cast(customers.created_at as date), customer_orders.first_order_date
            ) as since_date
        from customers
        left join customer_orders on customers.customer_id = customer_orders.customer_id
        where customers.referrer_id <> customers.customer_id
    )
select referred.referrer_id as customer_id, count(*) as referral_count_365d
from referred
cross join windows
where referred.since_date between windows.since_365d and windows.as_of_date
group by referred.referrer_id
