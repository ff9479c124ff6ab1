with
    run_parameters as (select * from {{ source("landing", "run_parameters") }}),
    history_cuts as (select * from {{ source("history", "cuts") }}),
    history_versions as (select * from {{ source("history", "scheme_versions") }}),
    ordered_calibrations as (select * from {{ source("history", "calibrations") }}),

    policy as (
        {%- if policy_schemes() %}
            select
                named.scheme,
                named.conditions_hash,
                named.calibrate,
                cast(named.min_population as bigint) as min_population
            from
                (
                    values
                        {%- for scheme in policy_schemes() %}
                            (
                                '{{ scheme.id }}',
                                '{{ scheme.conditions_hash }}',
                                '{{ scheme.get("calibrate", "monthly") }}',
                                {{ scheme.get("min_population", 1) }}
                            ){{ "," if not loop.last }}
                        {%- endfor %}
                ) as named(scheme, conditions_hash, calibrate, min_population)
        {%- else %}
            select
                cast(null as {{ dbt.type_string() }}) as scheme,
                cast(null as {{ dbt.type_string() }}) as conditions_hash,
                cast(null as {{ dbt.type_string() }}) as calibrate,
                cast(null as bigint) as min_population
            from run_parameters
            where false
        {%- endif %}
    ),

    in_period as (
        select
            policy.scheme,
            run_parameters.as_of_date,
            policy.conditions_hash,
            policy.calibrate,
            policy.min_population,
            cast(
                case
                    policy.calibrate
                    when 'each_run'
                    then run_parameters.as_of_date
                    when 'yearly'
                    then date_trunc('year', run_parameters.as_of_date)
                    when 'quarterly'
                    then date_trunc('quarter', run_parameters.as_of_date)
                    else date_trunc('month', run_parameters.as_of_date)
                end as date
            ) as period
        from policy
        cross join run_parameters
    ),

    calibrations as (
        select scheme, conditions_hash, period, computed_on, max(population) as population
        from history_cuts
        group by scheme, conditions_hash, period, computed_on
    ),

    -- A person may have cuts computed anew within a period; the latest order tells since when.
    latest_orders as (
        select in_period.scheme, max(ordered_calibrations.sequence) as sequence
        from in_period
        inner join
            ordered_calibrations
            on coalesce(ordered_calibrations.scheme, in_period.scheme) = in_period.scheme
        group by in_period.scheme
    ),

    orders as (
        select latest_orders.scheme, ordered_calibrations.as_of_date, ordered_calibrations.reason
        from latest_orders
        inner join ordered_calibrations on latest_orders.sequence = ordered_calibrations.sequence
    ),

    kept_calibrations as (
        select in_period.scheme, max(calibrations.computed_on) as kept_on
        from in_period
        inner join
            calibrations
            on in_period.scheme = calibrations.scheme
            and in_period.conditions_hash = calibrations.conditions_hash
            and in_period.period = calibrations.period
            -- A period without enough customers to rank is tried again the next day.
            and calibrations.population >= in_period.min_population
        left join orders on in_period.scheme = orders.scheme
        where calibrations.computed_on >= coalesce(orders.as_of_date, calibrations.computed_on)
        group by in_period.scheme
    ),

    previous_versions as (
        select scheme, conditions_hash
        from history_versions
        where as_of_date = (select max(as_of_date) from history_versions)
    )

select
    in_period.scheme,
    in_period.as_of_date,
    in_period.conditions_hash,
    in_period.calibrate,
    in_period.min_population,
    in_period.period,
    kept_calibrations.kept_on,
    case when orders.as_of_date >= in_period.period then orders.reason end as reason,
    previous_versions.conditions_hash as previous_conditions_hash
from in_period
left join kept_calibrations on in_period.scheme = kept_calibrations.scheme
left join orders on in_period.scheme = orders.scheme
left join previous_versions on in_period.scheme = previous_versions.scheme
