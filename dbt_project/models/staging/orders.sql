with orders as ({{ staged_rows("orders", ids=["customer_id"]) }})
select orders.*, cast(ordered_at as date) as order_date
from orders
