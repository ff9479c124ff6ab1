{%- set amounts = ["amount", "discount_amount", "cost_amount"] %}
with orders as ({{ staged_rows("orders", ids=["customer_id"], amounts=amounts) }})
select orders.*, cast(ordered_at as date) as order_date
from orders
