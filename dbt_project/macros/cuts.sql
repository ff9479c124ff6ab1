{#-
    The body of fact_cuts and score_cuts: one row per cut in force, kept by history or computed now,
    with the smallest value inside the band (the greatest where low is best; NULL when nobody is in it).

    It counts the customers of each distinct value once and reads every rank from running sums of the
    counts, so equal values share a rank and the cost follows the distinct values.
-#}
{% macro cuts_in_force(level, customers) %}
    {% set sets = all_cut_sets(level) %}
    with
        customers as (select * from {{ customers }}),
        scheme_versions as (select * from {{ ref("scheme_versions") }}),
        history_cuts as (select * from {{ source("history", "cuts") }}),
        kept as (
            select
                history_cuts.scheme,
                history_cuts.dimension,
                history_cuts.band,
                history_cuts.bound,
                history_cuts.population,
                history_cuts.reached,
                history_cuts.conditions_hash,
                history_cuts.period,
                history_cuts.computed_on,
                history_cuts.reason
            from history_cuts
            inner join
                scheme_versions
                on history_cuts.scheme = scheme_versions.scheme
                and history_cuts.conditions_hash = scheme_versions.conditions_hash
                and history_cuts.period = scheme_versions.period
                and history_cuts.computed_on = scheme_versions.kept_on
            where history_cuts.dimension {{ "=" if level == "score" else "<>" }} 'score'
        ),
        due as (select * from scheme_versions where kept_on is null),
        counted as (
            {%- if sets %}
                {{
                    under_headings(
                        "customers",
                        ranked_values(sets),
                        "count(*) as customer_count",
                        grouped=true,
                        wanted="select due.scheme from due",
                    )
                }}
            {%- else %}
                select
                    cast(null as {{ dbt.type_string() }}) as scheme,
                    cast(null as {{ dbt.type_string() }}) as dimension,
                    cast(null as decimal(28, 8)) as ranked_value,
                    cast(0 as bigint) as customer_count
                from customers
                where false
            {%- endif %}
        ),
        valued as (
            select
                *,
                {#- of digits that a product of decimals has room for #}
                cast(
                    greatest(ranked_value, 0)
                    * cast(customer_count as decimal(9, 0)) as decimal(28, 8)
                ) as positive_value
            from counted
        ),
        ranked as (
            select
                scheme,
                dimension,
                ranked_value,
                cast(sum(customer_count) over everyone as bigint) as population,
                cast((sum(customer_count) over below) - customer_count as bigint) as count_below,
                cast(
                    (sum(customer_count) over everyone) - (sum(customer_count) over below) as bigint
                ) as count_above,
                cast(sum(positive_value) over everyone as decimal(28, 8)) as total_value,
                cast(
                    (sum(positive_value) over everyone)
                    - (sum(positive_value) over below) as decimal(28, 8)
                ) as value_above
            from valued
            window
                everyone as (partition by scheme, dimension),
                below as (
                    partition by scheme, dimension
                    order by ranked_value nulls last
                    rows between unbounded preceding and current row
                )
        ),
        bands as (
            {%- if sets %}
                select
                    named.scheme,
                    named.dimension,
                    named.band,
                    named.kind,
                    named.direction,
                    cast(named.share as decimal(9, 4)) as share,
                    cast(named.whole as decimal(9, 4)) as whole
                from
                    (
                        values
                            {%- for cut_set in sets %}
                                {%- set last_set = loop.last %}
                                {%- for band, cut in cut_set.bands.items() %}
                                    (
                                        '{{ cut_set.scheme.id }}',
                                        '{{ cut_set.dimension }}',
                                        '{{ band }}',
                                        '{{ cut.kind }}',
                                        {{ cut_set.direction }},
                                        {{ cut.share }},
                                        {{ cut.whole }}
                                    ){{ "," if not (last_set and loop.last) }}
                                {%- endfor %}
                            {%- endfor %}
                    ) as named(scheme, dimension, band, kind, direction, share, whole)
            {%- else %}
                select
                    cast(null as {{ dbt.type_string() }}) as scheme,
                    cast(null as {{ dbt.type_string() }}) as dimension,
                    cast(null as {{ dbt.type_string() }}) as band,
                    cast(null as {{ dbt.type_string() }}) as kind,
                    1 as direction,
                    cast(0 as decimal(9, 4)) as share,
                    cast(1 as decimal(9, 4)) as whole
                where false
            {%- endif %}
        ),
        in_band as (
            select
                bands.scheme,
                bands.dimension,
                bands.band,
                bands.direction,
                ranked.population,
                ranked.count_below,
                case
                    when
                        bands.kind in ('part', 'percentile')
                        and bands.whole * ranked.count_below
                        >= bands.share * (ranked.population - 1)
                        and (bands.kind = 'percentile' or ranked.population > 1)
                    then ranked.ranked_value
                    when
                        bands.kind = 'top'
                        and bands.whole * ranked.count_above < bands.share * ranked.population
                    then ranked.ranked_value
                    when
                        bands.kind = 'top_value'
                        and bands.whole * ranked.value_above < bands.share * ranked.total_value
                    then ranked.ranked_value
                end as ranked_value
            from bands
            left join ranked on bands.scheme = ranked.scheme and bands.dimension = ranked.dimension
        ),
        computed as (
            select
                in_band.scheme,
                in_band.dimension,
                in_band.band,
                cast(
                    case
                        when max(in_band.direction) < 0
                        then - min(in_band.ranked_value)
                        else min(in_band.ranked_value)
                    end as decimal(28, 8)
                ) as bound,
                cast(coalesce(max(in_band.population), 0) as bigint) as population,
                cast(
                    coalesce(
                        max(
                            case
                                when in_band.ranked_value is not null
                                then in_band.population - in_band.count_below
                            end
                        ),
                        0
                    ) as bigint
                ) as reached,
                due.conditions_hash,
                due.period,
                due.as_of_date as computed_on,
                due.reason
            from in_band
            inner join due on in_band.scheme = due.scheme
            group by
                in_band.scheme,
                in_band.dimension,
                in_band.band,
                due.conditions_hash,
                due.period,
                due.as_of_date,
                due.reason
        )
    select *
    from kept
    union all
    select *
    from computed
{% endmacro %}

{#- The headings under which customers are counted by the values that a cut set ranks. -#}
{% macro ranked_values(sets) %}
    {% set headings = [] %}
    {% for cut_set in sets %}
        {% do headings.append(
            {
                "scheme": "'" ~ cut_set.scheme.id ~ "'",
                "dimension": "'" ~ cut_set.dimension ~ "'",
                "ranked_value": ("-" if cut_set.direction < 0 else "")
                ~ ranked_metric(cut_set),
                "where": is_ranked_customer(cut_set),
            }
        ) %}
    {% endfor %}
    {% do return(headings) %}
{% endmacro %}
