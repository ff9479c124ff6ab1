{#- Without a sensitive scheme the chain need not be planned once more. -#}
{% set classified = ref(var("themes")[-1]) %}
{% set unclassified = ref("customer_metrics") %}
{% set schemes = sensitive_schemes() %}
with customers as (select * from {{ classified if schemes else unclassified }})

select
    customer_id,
    as_of_date
    {%- for column in columns_of(schemes, scheme_columns) %}, {{ column }} {%- endfor %}
from customers
where {{ "true" if schemes else "false" }}
