{% set expected = expected_evidence() %}
with
    run_parameters as (select * from {{ source("landing", "run_parameters") }}),
    scheme_evidence as (select * from {{ ref("scheme_evidence") }}),
    scheme_versions as (select * from {{ ref("scheme_versions") }}),
    evaluated as (select * from {{ source("history", "scheme_evaluation") }}),

    expectations as (
        {%- for each in expected %}
            select
                '{{ each.scheme }}' as scheme,
                '{{ each.measure }}' as measure,
                cast({{ each.least }} as decimal(18, 6)) as expected_min,
                cast({{ each.greatest }} as decimal(18, 6)) as expected_max,
                {{ each.blocks | lower }} as is_blocking
                {{ "union all" if not loop.last }}
        {%- else %}
            select
                cast(null as {{ dbt.type_string() }}) as scheme,
                cast(null as {{ dbt.type_string() }}) as measure,
                cast(null as decimal(18, 6)) as expected_min,
                cast(null as decimal(18, 6)) as expected_max,
                cast(null as boolean) as is_blocking
            from run_parameters
            where false
        {%- endfor %}
    ),

    schemes as (select distinct scheme from scheme_evidence),

    measures as (
        {%- for measure in past_measures() %}
            select
                '{{ measure.name }}' as measure,
                cast({{ measure.days or "null" }} as bigint) as horizon_days
                {{ "union all" if not loop.last }}
        {%- endfor %}
    ),

    -- An evaluation says nothing of a scheme whose conditions have changed since.
    current_evaluations as (
        select evaluated.*
        from evaluated
        inner join
            scheme_versions
            on evaluated.scheme = scheme_versions.scheme
            and evaluated.conditions_hash = scheme_versions.conditions_hash
    ),

    evaluated_schemes as (
        select scheme, max(evaluated_on) as evaluated_on from evaluated group by scheme
    ),

    of_the_past as (
        select
            schemes.scheme,
            measures.measure,
            measures.horizon_days,
            current_evaluations.value,
            current_evaluations.low,
            current_evaluations.high,
            current_evaluations.spend_baseline,
            current_evaluations.last_class_baseline,
            current_evaluations.random_baseline,
            current_evaluations.origin_count,
            current_evaluations.customer_count,
            current_evaluations.group_customers,
            current_evaluations.first_origin,
            current_evaluations.last_origin,
            current_evaluations.evaluated_on,
            current_evaluations.finding,
            case
                when current_evaluations.scheme is not null
                then current_evaluations.note_en
                when evaluated_schemes.scheme is not null
                then
                    'The policy has changed since the last evaluation; tiers evaluate makes another.'
                else 'Not evaluated yet; tiers evaluate does it.'
            end as note_en,
            case
                when current_evaluations.scheme is not null
                then current_evaluations.note_zh
                when evaluated_schemes.scheme is not null
                then '上次评估之后策略已更改；可运行 tiers evaluate 重新评估。'
                else '尚未评估；可运行 tiers evaluate。'
            end as note_zh
        from schemes
        cross join measures
        left join
            current_evaluations
            on schemes.scheme = current_evaluations.scheme
            and measures.measure = current_evaluations.measure
        left join evaluated_schemes on schemes.scheme = evaluated_schemes.scheme
    ),

    of_the_day as (
        select
            scheme_evidence.scheme,
            scheme_evidence.measure,
            cast(null as bigint) as horizon_days,
            scheme_evidence.value,
            cast(null as decimal(18, 6)) as low,
            cast(null as decimal(18, 6)) as high,
            cast(null as decimal(18, 6)) as spend_baseline,
            cast(null as decimal(18, 6)) as last_class_baseline,
            cast(null as decimal(18, 6)) as random_baseline,
            cast(null as bigint) as origin_count,
            scheme_evidence.customer_count,
            scheme_evidence.group_customers,
            cast(null as date) as first_origin,
            cast(null as date) as last_origin,
            run_parameters.as_of_date as evaluated_on,
            cast(null as {{ dbt.type_string() }}) as finding,
            case
                when scheme_evidence.customer_count = 0
                then
                    'Nobody is classified: nobody is in its population, or too few are to be ranked.'
                when scheme_evidence.value is null
                then 'Says nothing here: its classes have no order, or nothing was bought.'
            end as note_en,
            case
                when scheme_evidence.customer_count = 0
                then '没有客户被分类：无人属于其范围，或人数过少无法排名。'
                when scheme_evidence.value is null
                then '此处不适用：类别之间没有次序，或没有消费。'
            end as note_zh
        from scheme_evidence
        cross join run_parameters
    ),

    told as (
        select *
        from of_the_day
        union all
        select *
        from of_the_past
    )

select
    told.scheme,
    told.measure,
    told.horizon_days,
    told.value,
    told.low,
    told.high,
    told.spend_baseline,
    told.last_class_baseline,
    told.random_baseline,
    told.origin_count,
    told.customer_count,
    told.group_customers,
    told.first_origin,
    told.last_origin,
    told.evaluated_on,
    told.finding,
    expectations.expected_min,
    expectations.expected_max,
    expectations.is_blocking,
    told.value between expectations.expected_min and expectations.expected_max as is_as_expected,
    told.note_en,
    told.note_zh,
    false as is_suppressed
from told
left join expectations on told.scheme = expectations.scheme and told.measure = expectations.measure
