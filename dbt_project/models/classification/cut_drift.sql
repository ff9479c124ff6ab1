{#- Sensitive schemes are left out, as in scheme_cuts. -#}
{% set sets = [] %}
{% set hidden = sensitive_schemes() | map(attribute="id") | list %}
{% for level in ["fact", "score"] %}
    {% for cut_set in all_cut_sets(level) if cut_set.scheme.id not in hidden %}
        {% do sets.append(
            dict(
                cut_set,
                is_score=level == "score",
                ranked=is_ranked_customer(cut_set),
                metric=ranked_metric(cut_set),
            )
        ) %}
    {% endfor %}
{% endfor %}
{#- What `counted` calls the population and the reached of each band. -#}
{% set named = [] %}
{% for cut_set in sets %}
    {% set population = "population_" ~ loop.index %}
    {% set shared = {
        "scheme": cut_set.scheme.id,
        "dimension": cut_set.dimension,
        "population": population,
    } %}
    {% do named.append(dict(shared, band="rest", reached=population)) %}
    {% set set_index = loop.index %}
    {% for band in cut_set.bands %}
        {% do named.append(
            dict(shared, band=band, reached="reached_" ~ set_index ~ "_" ~ loop.index)
        ) %}
    {% endfor %}
{% endfor %}
with
    customer_metrics as (select * from {{ ref("customer_metrics") }}),
    customer_classes as (select * from {{ ref("customer_classes") }}),
    scheme_cuts as (select * from {{ ref("scheme_cuts") }}),
    {{
        cuts_cte(
            sets | map(attribute="scheme") | unique(attribute="id") | list, ref("scheme_cuts")
        )
    }}

    customers as (
        select
            customer_metrics.*
            {%- for cut_set in sets if cut_set.is_score %}
                , customer_classes.{{ cut_set.scheme.id }}_score
            {%- endfor %}
        from customer_metrics
        inner join customer_classes on customer_metrics.customer_id = customer_classes.customer_id
    ),

    counted as (
        select
            count(*) as customers
            {%- for cut_set in sets %}
                {%- set set_index = loop.index %}
                {%- set better = ">=" if cut_set.direction > 0 else "<=" %},
                count(case when {{ cut_set.ranked }} then 1 end) as population_{{ set_index }}
                {%- for band in cut_set.bands %}
                    ,
                    count(
                        case
                            when
                                {{ cut_set.ranked }} and {{ cut_set.metric }} {{ better }}
                                {{ cut_column(cut_set.scheme.id, cut_set.dimension, band) }}
                            then 1
                        end
                    ) as reached_{{ set_index }}_{{ loop.index }}
                {%- endfor %}
            {%- endfor %}
        from customers
        cross join cuts
    ),

    -- Everybody reaches the band below the lowest bound, so that the bands share out all.
    bands as (
        {%- if sets %}
            select
                each.scheme,
                each.dimension,
                each.band,
                case
                    each.place
                    {%- for name in named %}
                        when {{ loop.index }} then counted.{{ name.population }}
                    {%- endfor %}
                end as population,
                case
                    each.place
                    {%- for name in named %}
                        when {{ loop.index }} then counted.{{ name.reached }}
                    {%- endfor %}
                end as reached
            from counted
            cross join
                (
                    values
                        {%- for name in named %}
                            (
                                {{ loop.index }},
                                '{{ name.scheme }}',
                                '{{ name.dimension }}',
                                '{{ name.band }}'
                            ){{ "," if not loop.last }}
                        {%- endfor %}
                ) as each(place, scheme, dimension, band)
        {%- else %}
            select
                cast(null as {{ dbt.type_string() }}) as scheme,
                cast(null as {{ dbt.type_string() }}) as dimension,
                cast(null as {{ dbt.type_string() }}) as band,
                cast(null as bigint) as population,
                cast(null as bigint) as reached
            from counted
            where false
        {%- endif %}
    ),

    calibrations as (
        select scheme, dimension, max(population) as population, max(computed_on) as computed_on
        from scheme_cuts
        group by scheme, dimension
    ),

    compared as (
        select
            bands.scheme,
            bands.dimension,
            bands.band,
            calibrations.computed_on,
            calibrations.population as population_then,
            bands.population as population_now,
            coalesce(scheme_cuts.reached, calibrations.population) as reached_then,
            bands.reached as reached_now
        from bands
        inner join
            calibrations
            on bands.scheme = calibrations.scheme
            and bands.dimension = calibrations.dimension
        left join
            scheme_cuts
            on bands.scheme = scheme_cuts.scheme
            and bands.dimension = scheme_cuts.dimension
            and bands.band = scheme_cuts.band
    ),

    shared as (
        select
            scheme,
            dimension,
            computed_on,
            population_then,
            population_now,
            {{
                ratio(
                    "reached_then - coalesce(lag(reached_then) over better, 0)", "population_then"
                )
            }} as share_then,
            {{ ratio("reached_now - coalesce(lag(reached_now) over better, 0)", "population_now") }}
            as share_now
        from compared
        window
            better as (
                partition by scheme, dimension
                order by reached_then nulls first, reached_now nulls first, band nulls first
            )
    ),

    -- An empty band would make the index infinite; one customer in ten thousand stands in for it.
    floored as (
        select
            scheme,
            dimension,
            computed_on,
            population_then,
            population_now,
            cast(greatest(share_then, 0.0001) as double) as share_then,
            cast(greatest(share_now, 0.0001) as double) as share_now
        from shared
    )

select
    scheme,
    dimension,
    computed_on,
    population_then,
    population_now,
    case
        when population_then > 0 and population_now > 0
        then
            cast(
                round(
                    cast(
                        sum((share_now - share_then) * ln(share_now / share_then)) as decimal(
                            38, 12
                        )
                    ),
                    6
                ) as decimal(18, 6)
            )
    end as population_stability_index,
    false as is_suppressed
from floored
group by scheme, dimension, computed_on, population_then, population_now
