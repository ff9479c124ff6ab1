with
    customers as ({{ staged_rows("customers", ids=["referrer_id"]) }}),
    customer_merges as (select customer_id from {{ ref("customer_merges") }})
select customers.*
from customers
left join customer_merges on customers.customer_id = customer_merges.customer_id
where customer_merges.customer_id is null
