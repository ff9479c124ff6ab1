{% set predicted = [] %}
{% for name, is_from_model in facts_from_models().items() %}
    {% if is_from_model and name != "segment_code" %} {% do predicted.append(name) %} {% endif %}
{% endfor %}
with
    run_parameters as (select * from {{ source("landing", "run_parameters") }}),
    history_cuts as (select * from {{ source("history", "cuts") }}),
    history_versions as (select * from {{ source("history", "scheme_versions") }}),
    ordered_calibrations as (select * from {{ source("history", "calibrations") }}),
    segments as (select * from {{ source("history", "segments") }}),
    predictions as (select * from {{ source("history", "predictions") }}),

    fitted as (
        select
            (select max(fitted_on) from segments) as segments_on,
            (select max(predicted_on) from predictions) as predictions_on
    ),

    policy as (
        {%- if policy_schemes() %}
            select
                named.scheme,
                named.conditions_hash,
                named.state_hash,
                named.calibrate,
                cast(named.min_population as bigint) as min_population,
                case
                    when named.reads_segments and named.reads_predictions
                    then greatest(fitted.segments_on, fitted.predictions_on)
                    when named.reads_segments
                    then fitted.segments_on
                    when named.reads_predictions
                    then fitted.predictions_on
                end as fitted_on
            from
                (
                    values
                        {%- for scheme in policy_schemes() %}
                            (
                                '{{ scheme.id }}',
                                '{{ scheme.conditions_hash }}',
                                '{{ state_hash(scheme) }}',
                                '{{ scheme.get("calibrate", "monthly") }}',
                                {{ scheme.get("min_population", 1) }},
                                {{ "segment_code" in scheme.rests_on }},
                                {{ scheme.rests_on | select("in", predicted) | list != [] }}
                            ){{ "," if not loop.last }}
                        {%- endfor %}
                ) as named(
                    scheme,
                    conditions_hash,
                    state_hash,
                    calibrate,
                    min_population,
                    reads_segments,
                    reads_predictions
                )
            cross join fitted
        {%- else %}
            select
                cast(null as {{ dbt.type_string() }}) as scheme,
                cast(null as {{ dbt.type_string() }}) as conditions_hash,
                cast(null as {{ dbt.type_string() }}) as state_hash,
                cast(null as {{ dbt.type_string() }}) as calibrate,
                cast(null as bigint) as min_population,
                cast(null as date) as fitted_on
            from run_parameters
            where false
        {%- endif %}
    ),

    in_period as (
        select
            policy.scheme,
            run_parameters.as_of_date,
            policy.conditions_hash,
            policy.state_hash,
            policy.calibrate,
            policy.min_population,
            policy.fitted_on,
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
        select scheme, conditions_hash, period, computed_on, reason, max(population) as population
        from history_cuts
        group by scheme, conditions_hash, period, computed_on, reason
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
        where
            orders.scheme is null
            or calibrations.computed_on > orders.as_of_date
            -- An order may come when its day is decided already; cuts that follow it say why.
            or (
                calibrations.computed_on = orders.as_of_date and calibrations.reason = orders.reason
            )
        group by in_period.scheme
    ),

    previous_versions as (
        select scheme, conditions_hash, state_hash, fitted_on
        from history_versions
        where as_of_date = (select max(as_of_date) from history_versions)
    )

select
    in_period.scheme,
    in_period.as_of_date,
    in_period.conditions_hash,
    in_period.state_hash,
    in_period.fitted_on,
    in_period.calibrate,
    in_period.min_population,
    in_period.period,
    kept_calibrations.kept_on,
    case when orders.as_of_date >= in_period.period then orders.reason end as reason,
    previous_versions.conditions_hash as previous_conditions_hash,
    previous_versions.state_hash as previous_state_hash,
    previous_versions.fitted_on as previous_fitted_on
from in_period
left join kept_calibrations on in_period.scheme = kept_calibrations.scheme
left join orders on in_period.scheme = orders.scheme
left join previous_versions on in_period.scheme = previous_versions.scheme
