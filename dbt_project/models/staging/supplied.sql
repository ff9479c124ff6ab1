{%- set tables = ["orders", "order_lines", "interactions", "opportunities", "feedback"] %}
{%- set columns = [
    "orders.cost_amount",
    "orders.discount_amount",
    "orders.promo_code",
    "order_lines.quantity",
    "order_lines.category",
    "opportunities.quoted_at",
    "feedback.topic",
    "feedback.resolved_at",
    "customers.referrer_id",
] %}
with supplied as (select table_name, column_name from {{ source("landing", "supplied") }})
select
    {%- for table in tables %}
        count(case when table_name = '{{ table }}' then 1 end) > 0 as {{ table }},
    {%- endfor %}
    {%- for column in columns %}
        count(case when table_name || '.' || column_name = '{{ column }}' then 1 end)
        > 0 as {{ column | replace(".", "_") }}
        {{- "," if not loop.last }}
    {%- endfor %}
from supplied
