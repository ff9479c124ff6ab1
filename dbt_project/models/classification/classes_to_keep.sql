with customers_to_keep as (select * from {{ ref("customers_to_keep") }})

select
    customer_id,
    as_of_date
    {%- for column in columns_of(policy_schemes(), kept_columns) %}, {{ column }} {%- endfor %}
from customers_to_keep
