{% set columns = columns_of(policy_schemes(), kept_columns) %}
{% set sensitive = columns_of(sensitive_schemes(), kept_columns) %}
with
    customer_classes as (select * from {{ ref("customer_classes") }}),
    sensitive_classes as (select * from {{ ref("sensitive_classes") }}),
    previous_classes as (select * from {{ ref("previous_classes") }}),
    history_versions as (select * from {{ source("history", "scheme_versions") }}),

    last_run as (select max(as_of_date) as as_of_date from history_versions),

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
            {%- for column in columns %}
                {%- set relation = "sensitive" if column in sensitive else "customer" %},
                {{ relation }}_classes.{{ column }},
                previous_classes.{{ column }} as previous_{{ column }}
            {%- endfor %}
        from customer_classes
        cross join last_run
        left join sensitive_classes on customer_classes.customer_id = sensitive_classes.customer_id
        left join previous_classes on customer_classes.customer_id = previous_classes.customer_id
    )

select *
from compared
where
    is_first or is_first_run_of_month
    {%- for column in columns %}
        or {{ column }} is distinct from previous_{{ column }}
    {%- endfor %}
