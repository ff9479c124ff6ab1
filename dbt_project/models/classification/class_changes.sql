{% set schemes = public_schemes() %}
{% set moved = [] %}
{% for scheme in schemes %}
    {% do moved.append(
        {
            "scheme": "'" ~ scheme.id ~ "'",
            "from_class": class_text(scheme, "customers_to_keep.previous_"),
            "to_class": class_text(scheme, "customers_to_keep."),
            "cause": cause_of_state(scheme),
            "where": "not is_first",
        }
    ) %}
{% endfor %}
with
    history_changes as (select * from {{ source("history", "changes") }}),
    customers_to_keep as (select * from {{ ref("customers_to_keep") }}),
    scheme_versions as (select * from {{ ref("scheme_versions") }}),
    cuts_in_force as (select * from {{ ref("cuts_in_force") }}),

    compared as ({{ under_headings("customers_to_keep", moved, "customer_id, as_of_date") }}),

    moves as (select * from compared where from_class is distinct from to_class),

    -- What is another for a scheme, or computed anew, moves those that rest on it, too.
    rests as ({{ what_schemes_rest_on(schemes) }}),

    calibrated as (
        select rests.scheme, max(cuts_in_force.computed_on) as computed_on
        from rests
        inner join cuts_in_force on rests.rests_on = cuts_in_force.scheme
        group by rests.scheme
    ),

    held as (
        select
            rests.scheme,
            bool_or(
                scheme_versions.state_hash <> scheme_versions.previous_state_hash
            ) as is_otherwise
        from rests
        inner join scheme_versions on rests.rests_on = scheme_versions.scheme
        group by rests.scheme
    ),

    causes as (
        select
            scheme_versions.scheme,
            case
                when
                    scheme_versions.conditions_hash <> scheme_versions.previous_conditions_hash
                    or held.is_otherwise
                then 'policy'
                when
                    calibrated.computed_on = scheme_versions.as_of_date
                    -- A run of before this was kept tells of no model.
                    or (
                        scheme_versions.previous_state_hash is not null
                        and scheme_versions.fitted_on
                        is distinct from scheme_versions.previous_fitted_on
                    )
                then 'calibration'
                else 'data'
            end as cause
        from scheme_versions
        left join calibrated on scheme_versions.scheme = calibrated.scheme
        left join held on scheme_versions.scheme = held.scheme
        -- A scheme that did not stand in the previous run moved nobody.
        where scheme_versions.previous_conditions_hash is not null
    )

select customer_id, as_of_date, scheme, from_class, to_class, cause, is_expected
from history_changes
union all
select
    moves.customer_id,
    moves.as_of_date,
    moves.scheme,
    moves.from_class,
    moves.to_class,
    coalesce(moves.cause, causes.cause) as cause,
    {{ is_expected_move(schemes, "moves") }} as is_expected
from moves
inner join causes on moves.scheme = causes.scheme
