{% set attributes = policy_names("attributes") %}
with
    attributes as (select * from {{ ref("attributes") }}),
    run_parameters as (select * from {{ source("landing", "run_parameters") }}),

    latest as (
        select attributes.customer_id, attributes.name, max(attributes.observed_at) as observed_at
        from attributes
        inner join run_parameters on attributes.observed_date <= run_parameters.as_of_date
        where attributes.name in ('{{ attributes | join("', '") }}')
        group by attributes.customer_id, attributes.name
    ),

    latest_values as (
        select attributes.customer_id, attributes.name, attributes.value
        from attributes
        inner join
            latest
            on attributes.customer_id = latest.customer_id
            and attributes.name = latest.name
            and attributes.observed_at = latest.observed_at
    )

select
    customer_id
    {%- for attribute, type in attributes.items() %}
        ,
        max(
            case when name = '{{ attribute }}' then {{ typed("value", type) }} end
        ) as {{ attribute }}
    {%- endfor %}
from latest_values
group by customer_id
