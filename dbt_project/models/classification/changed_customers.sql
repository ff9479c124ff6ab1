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
    scheme_versions as (select * from {{ ref("scheme_versions") }}),

    last_run as (select max(as_of_date) as as_of_date from history_versions),

    -- What a policy leaves out has to be gone for everybody, or the next one finds some of it.
    left_out as (
        select count(*) as scheme_count
        from history_versions
        inner join last_run on history_versions.as_of_date = last_run.as_of_date
        left join scheme_versions on history_versions.scheme = scheme_versions.scheme
        where
            scheme_versions.scheme is null
            or history_versions.state_hash <> scheme_versions.state_hash
    ),

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
            )
            or left_out.scheme_count > 0 as writes_everybody,
            {{ row_hash(columns) }} as classes_hash
        from classes
        cross join last_run
        cross join left_out
    ),

    previous_hashed as (
        select customer_id, {{ row_hash(columns) }} as classes_hash from previous_classes
    )

select hashed.customer_id, previous_hashed.customer_id is null as is_first
from hashed
left join previous_hashed on hashed.customer_id = previous_hashed.customer_id
where
    previous_hashed.customer_id is null
    or hashed.writes_everybody
    or hashed.classes_hash <> previous_hashed.classes_hash
