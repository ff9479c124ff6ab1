{#- Metrics and attributes stand here, before anything is ranked; none of them names a scheme. -#}
with
    customer_facts as (select * from {{ ref("customer_facts") }}),
    customer_attributes as (select * from {{ ref("customer_attributes") }}),

    measured as (
        select
            customer_facts.*
            {%- for attribute in policy_names("attributes") %}
                , customer_attributes.{{ attribute }}
            {%- endfor %}
            {%- for metric, expression in policy_names("metrics").items() %}
                , {{ expression_sql(expression) }} as {{ metric }}
            {%- endfor %}
        from customer_facts
        left join
            customer_attributes on customer_facts.customer_id = customer_attributes.customer_id
    )

select *
from measured
