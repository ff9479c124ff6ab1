{% set schemes = policy_schemes() | map(attribute="id") | list %}
with
    history_changes as (select * from {{ source("history", "changes") }}),
    classes_to_keep as (select * from {{ ref("classes_to_keep") }}),
    scheme_versions as (select * from {{ ref("scheme_versions") }}),
    scheme_cuts as (select * from {{ ref("scheme_cuts") }}),

    moves as (
        {%- for scheme in schemes %}
            select
                customer_id,
                as_of_date,
                '{{ scheme }}' as scheme,
                previous_{{ scheme }} as from_class,
                {{ scheme }} as to_class
            from classes_to_keep
            where
                not is_first and {{ scheme }} is distinct from previous_{{ scheme }}
                {{ "union all" if not loop.last }}
        {%- endfor %}
    ),

    causes as (
        select
            scheme_versions.scheme,
            case
                when scheme_versions.conditions_hash <> scheme_versions.previous_conditions_hash
                then 'policy'
                when max(scheme_cuts.computed_on) = scheme_versions.as_of_date
                then 'calibration'
                else 'data'
            end as cause
        from scheme_versions
        left join scheme_cuts on scheme_versions.scheme = scheme_cuts.scheme
        -- A scheme that did not stand in the previous run moved nobody.
        where scheme_versions.previous_conditions_hash is not null
        group by
            scheme_versions.scheme,
            scheme_versions.conditions_hash,
            scheme_versions.previous_conditions_hash,
            scheme_versions.as_of_date
    )

select customer_id, as_of_date, scheme, from_class, to_class, cause
from history_changes
union all
select
    moves.customer_id,
    moves.as_of_date,
    moves.scheme,
    moves.from_class,
    moves.to_class,
    causes.cause
from moves
inner join causes on moves.scheme = causes.scheme
