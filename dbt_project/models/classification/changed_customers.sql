{#-
    Rows are compared by one number for all their columns, and only those that differ are read whole
    afterwards: few do on any day but the first of a month.
-#}
{% set sensitive = columns_of(sensitive_schemes(), kept_columns) %}
{% set columns = columns_of(policy_schemes(), kept_columns) %}
with
    customer_classes as (select * from {{ ref("customer_classes") }}),
    sensitive_classes as (select * from {{ ref("sensitive_classes") }}),
    previous_classes as (select * from {{ ref("previous_classes") }}),
    history_versions as (select * from {{ source("history", "scheme_versions") }}),

    last_run as (select max(as_of_date) as as_of_date from history_versions),

    classes as (
        select
            customer_classes.*
            {%- for column in sensitive %}, sensitive_classes.{{ column }}{% endfor %}
        from customer_classes
        {%- if sensitive %}
            left join
                sensitive_classes on customer_classes.customer_id = sensitive_classes.customer_id
        {%- endif %}
    ),

    hashed as (
        select
            classes.customer_id,
            coalesce(
                date_trunc('month', last_run.as_of_date) < date_trunc('month', classes.as_of_date),
                true
            ) as is_first_run_of_month,
            {{ row_hash(columns) }} as classes_hash
        from classes
        cross join last_run
    ),

    previous_hashed as (
        select customer_id, {{ row_hash(columns) }} as classes_hash from previous_classes
    )

select hashed.customer_id, previous_hashed.customer_id is null as is_first
from hashed
left join previous_hashed on hashed.customer_id = previous_hashed.customer_id
where
    previous_hashed.customer_id is null
    or hashed.is_first_run_of_month
    or hashed.classes_hash <> previous_hashed.classes_hash
