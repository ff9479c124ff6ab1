{#-
    Cuts: bounds that come from a ranked population. A cut set is one metric of one scheme, ranked
    among those whom the scheme ranks; its bands are the shares at which it is cut.
-#}
{#- The cut sets of a scheme: over facts and metrics (level fact) or over its own score (level score). -#}
{% macro cut_sets(scheme, level) %}
    {% set sets = {} %}
    {% if scheme.kind == "score" and level == "fact" %}
        {% for name, dimension in scheme.dimensions.items() if is_ranked(dimension) %}
            {% set parts = dimension.get("parts", 5) %}
            {% for part in range(2, parts + 1) %}
                {% do add_band(
                    sets,
                    name,
                    dict(dimension, metric=dimension.by),
                    part ~ " of " ~ parts,
                    "part",
                    part - 1,
                    parts,
                ) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {% if (scheme.kind == "score") == (level == "score") %}
        {% set ranked = scheme.get("by", "score") | string %}
        {% for class in scheme.classes %}
            {% for key in ['top', 'top_value'] if key in class %}
                {% do add_band(sets, ranked, {'metric': ranked}, key ~ ' ' ~ class[key], key, class[key].rstrip('%'), 100) %}
            {% endfor %}
            {% for match in modules.re.finditer(cut_pattern(), class.get('when', '')) %}
                {% do add_band(
                    sets,
                    match.group(1),
                    {"metric": match.group(1)},
                    match.group(3),
                    "percentile",
                    match.group(3).lstrip("p"),
                    100,
                ) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {% do return(sets.values() | list) %}
{% endmacro %}

{% macro is_ranked(dimension) %} {% do return("at_least" not in dimension) %} {% endmacro %}

{#- One band of a cut set, at `share` of `whole`. The same band named twice is one cut. -#}
{% macro add_band(sets, name, ranked, band, kind, share, whole) %}
    {% if name not in sets %}
        {% do sets.update(
            {
                name: {
                    "dimension": name,
                    "metric": ranked.metric,
                    "direction": -1 if ranked.get("best") == "low" else 1,
                    "among": ranked.get("among"),
                    "bands": {},
                }
            }
        ) %}
    {% endif %}
    {% do sets[name].bands.update({band: {"kind": kind, "share": share, "whole": whole}}) %}
{% endmacro %}

{#- The column of `cuts` that holds a cut. -#}
{% macro cut_column(scheme_id, dimension, band) %}
    {% set slug = modules.re.sub(
        "[^a-z0-9]+", "_", (scheme_id ~ "__" ~ dimension ~ "__" ~ band) | lower
    ) %}
    {% do return("cuts." ~ slug.strip("_")) %}
{% endmacro %}

{#-
    The body of fact_cuts and score_cuts: one row per cut in force, kept by history or computed now,
    with the smallest value inside the band (the greatest where low is best; NULL when nobody is in it).

    It counts the customers of each distinct value once and reads every rank from running sums of the
    counts, so equal values share a rank and the cost follows the distinct values.
-#}
{% macro cuts_in_force(level, customers) %}
    {% set sets = [] %}
    {% for scheme in policy_schemes() %}
        {% for cut_set in cut_sets(scheme, level) %}
            {% do sets.append(dict(cut_set, scheme=scheme)) %}
        {% endfor %}
    {% endfor %}
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
                history_cuts.conditions_hash,
                history_cuts.period,
                history_cuts.computed_on
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
                    (
                        {{
                            expression_sql(
                                cut_set.among
                                or cut_set.scheme.get("among")
                                or cut_set.scheme.get("population")
                                or "true"
                            )
                        }}
                    )
                    and {{ ranked_metric(cut_set) }} is not null
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
                cast(greatest(ranked_value, 0) * customer_count as decimal(28, 8)) as positive_value
            from counted
        ),
        ranked as (
            select
                scheme,
                dimension,
                ranked_value,
                cast(sum(customer_count) over everyone as bigint) as population,
                cast(sum(customer_count) over below - customer_count as bigint) as count_below,
                cast(
                    sum(customer_count) over everyone - sum(customer_count) over below as bigint
                ) as count_above,
                cast(sum(positive_value) over everyone as decimal(28, 8)) as total_value,
                cast(
                    sum(positive_value) over everyone
                    - sum(positive_value) over below as decimal(28, 8)
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
        computed as (
            select
                bands.scheme,
                bands.dimension,
                bands.band,
                cast(
                    max(bands.direction) * min(
                        case
                            when
                                bands.kind in ('part', 'percentile')
                                and bands.whole * ranked.count_below
                                >= bands.share * (ranked.population - 1)
                                and (bands.kind = 'percentile' or ranked.population > 1)
                            then ranked.ranked_value
                            when
                                bands.kind = 'top'
                                and bands.whole * ranked.count_above
                                < bands.share * ranked.population
                            then ranked.ranked_value
                            when
                                bands.kind = 'top_value'
                                and bands.whole * ranked.value_above
                                < bands.share * ranked.total_value
                            then ranked.ranked_value
                        end
                    ) as decimal(28, 8)
                ) as bound,
                cast(coalesce(max(ranked.population), 0) as bigint) as population,
                due.conditions_hash,
                due.period,
                due.as_of_date as computed_on
            from bands
            inner join due on bands.scheme = due.scheme
            left join ranked on bands.scheme = ranked.scheme and bands.dimension = ranked.dimension
            group by
                bands.scheme,
                bands.dimension,
                bands.band,
                due.conditions_hash,
                due.period,
                due.as_of_date
        )
    select *
    from kept
    union all
    select *
    from computed
{% endmacro %}

{% macro ranked_metric(cut_set) %}
    {%- do return(
        metric_sql(
            cut_set.metric if cut_set.metric != "score" else cut_set.scheme.id ~ "_score"
        )
    ) -%}
{% endmacro %}
