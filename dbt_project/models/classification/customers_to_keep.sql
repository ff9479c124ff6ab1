{% set sensitive = columns_of(sensitive_schemes(), kept_columns) %}
with
    changed_customers as (select * from {{ ref("changed_customers") }}),
    customer_classes as (select * from {{ ref("customer_classes") }}),
    sensitive_classes as (select * from {{ ref("sensitive_classes") }}),
    previous_classes as (select * from {{ ref("previous_classes") }})

select
    customer_classes.customer_id,
    customer_classes.as_of_date,
    changed_customers.is_first
    {%- for column in columns_of(policy_schemes(), kept_columns) %}
        ,
        {{ "sensitive" if column in sensitive else "customer" }}_classes.{{ column }},
        previous_classes.{{ column }} as previous_{{ column }}
    {%- endfor %}
from changed_customers
inner join customer_classes on changed_customers.customer_id = customer_classes.customer_id
left join sensitive_classes on changed_customers.customer_id = sensitive_classes.customer_id
left join previous_classes on changed_customers.customer_id = previous_classes.customer_id
