{% set schemes = policy_schemes() | selectattr("declared", "defined") | list %}
with
    declared_classes as (select * from {{ ref("declared_classes") }}),
    run_parameters as (select * from {{ source("landing", "run_parameters") }}),
    scheme_catalogue as (select * from {{ ref("scheme_catalogue") }}),

    declarable as (
        {%- for scheme in schemes %}
            select
                '{{ scheme.id }}' as scheme,
                {{ scheme.declared.days }} as days,
                {{ "true" if "classes" in scheme else "false" }} as is_listed
                {{ "union all" if not loop.last }}
        {%- else %}
            select cast(null as {{ dbt.type_string() }}) as scheme, 0 as days, false as is_listed
            from run_parameters
            where false
        {%- endfor %}
    ),

    understood as (
        select
            declared_classes.*,
            run_parameters.as_of_date,
            {{ days_later("declared_classes.declared_date", "declarable.days - 1") }}
            as policy_last_day
        from declared_classes
        inner join declarable on declared_classes.scheme = declarable.scheme
        inner join run_parameters on declared_classes.declared_date <= run_parameters.as_of_date
        left join
            scheme_catalogue
            on declared_classes.scheme = scheme_catalogue.scheme
            and declared_classes.class_code = scheme_catalogue.class_code
            and scheme_catalogue.class_code <> 'unclassified'
        where scheme_catalogue.class_code is not null or not declarable.is_listed
    ),

    latest as (
        select customer_id, scheme, max(declared_at) as declared_at
        from understood
        group by customer_id, scheme
    )

select
    understood.customer_id,
    understood.scheme,
    understood.class_code,
    understood.author,
    understood.reason,
    understood.declared_date,
    least(
        understood.policy_last_day, coalesce(understood.valid_to, understood.policy_last_day)
    ) as last_day
from understood
inner join
    latest
    on understood.customer_id = latest.customer_id
    and understood.scheme = latest.scheme
    and understood.declared_at = latest.declared_at
where
    understood.as_of_date
    <= least(understood.policy_last_day, coalesce(understood.valid_to, understood.policy_last_day))
