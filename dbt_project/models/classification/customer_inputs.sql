{#- A class is made of the day's numbers, of what earlier days decided, and of what people declared. -#}
{% set held = policy_schemes() | selectattr("hold", "defined") | map(attribute="id") | list %}
{% set declared = (
    policy_schemes() | selectattr("declared", "defined") | map(attribute="id") | list
) %}
with
    customer_metrics as (select * from {{ ref("customer_metrics") }}),
    previous_classes as (select * from {{ ref("previous_classes") }}),
    declarations_in_force as (select * from {{ ref("declarations_in_force") }}),
    history_versions as (select * from {{ source("history", "scheme_versions") }}),

    previous_run as (select max(as_of_date) as previous_run_date from history_versions),

    declared_classes as (
        select
            customer_id
            {%- for scheme in declared %}
                ,
                max(case when scheme = '{{ scheme }}' then class_code end) as {{ scheme }}__declared
            {%- endfor %}
        from declarations_in_force
        group by customer_id
    )

select
    customer_metrics.*,
    previous_run.previous_run_date
    {%- for scheme in held %}
        ,
        previous_classes.{{ scheme }}_held as {{ scheme }}__held_before,
        previous_classes.{{ scheme }}_below_since as {{ scheme }}__below_before
    {%- endfor %}
    {%- for scheme in declared %}, declared_classes.{{ scheme }}__declared {%- endfor %}
from customer_metrics
cross join previous_run
left join previous_classes on customer_metrics.customer_id = previous_classes.customer_id
left join declared_classes on customer_metrics.customer_id = declared_classes.customer_id
