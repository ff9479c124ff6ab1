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
            {%- for cut_set in sets %}
                select
                    '{{ cut_set.scheme.id }}' as scheme,
                    '{{ cut_set.dimension }}' as dimension,
                    {{ '-' if cut_set.direction < 0 }}{{ ranked_metric(cut_set) }} as ranked_value,
                    count(*) as customer_count
                from customers
                where
                    {{ is_ranked_customer(cut_set) }}
                    and '{{ cut_set.scheme.id }}' in (select due.scheme from due)
                group by {{ ranked_metric(cut_set) }} {{ 'union all' if not loop.last }}
            {%- else %}
                select
                    cast(null as {{ dbt.type_string() }}) as scheme,
                    cast(null as {{ dbt.type_string() }}) as dimension,
                    cast(null as decimal(28, 8)) as ranked_value,
                    cast(0 as bigint) as customer_count
                from customers
                where false
            {%- endfor %}
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
            {%- for cut_set in sets %}
                {%- set last_set = loop.last %}
                {%- for band, cut in cut_set.bands.items() %}
                    select
                        '{{ cut_set.scheme.id }}' as scheme,
                        '{{ cut_set.dimension }}' as dimension,
                        '{{ band }}' as band,
                        '{{ cut.kind }}' as kind,
                        {{ cut_set.direction }} as direction,
                        cast({{ cut.share }} as decimal(9, 4)) as share,
                        cast({{ cut.whole }} as decimal(9, 4)) as whole
                        {{ 'union all' if not (last_set and loop.last) }}
                {%- endfor %}
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
            {%- endfor %}
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
