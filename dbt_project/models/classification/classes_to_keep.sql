{#- What this run adds to history; class_history and class_changes are this and what history kept. -#}
{% set schemes = policy_schemes() | map(attribute="id") | list %}
with
    customer_classes as (select * from {{ ref("customer_classes") }}),
    previous_classes as (select * from {{ ref("previous_classes") }}),

    last_run as (
        select max(as_of_date) as as_of_date from {{ source("history", "scheme_versions") }}
    ),

    compared as (
        select
            customer_classes.customer_id,
            customer_classes.as_of_date,
            previous_classes.customer_id is null as is_first,
            coalesce(
                date_trunc('month', last_run.as_of_date)
                < date_trunc('month', customer_classes.as_of_date),
                true
            ) as is_first_run_of_month
            {%- for scheme in schemes %}
                ,
                customer_classes.{{ scheme }},
                previous_classes.{{ scheme }} as previous_{{ scheme }}
            {%- endfor %}
        from customer_classes
        cross join last_run
        left join previous_classes on customer_classes.customer_id = previous_classes.customer_id
    )

select *
from compared
where
    is_first or is_first_run_of_month
    {%- for scheme in schemes %}
        or {{ scheme }} is distinct from previous_{{ scheme }}
    {%- endfor %}
