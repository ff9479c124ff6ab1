{#-
    The one line of every theme model: the columns of the theme before it, then its own schemes, from
    the policy under `config.meta` of the model. A theme that the var `themes` leaves out is disabled.
-#}
{% macro classify() %}
    {% set themes = var("themes") %}
    {{ config(enabled=model.name in themes, materialized="view", schema="classification") }}
    {% if model.name in themes %}
        {% set place = themes.index(model.name) %}
        {% set before = ref(themes[place - 1]) if place else ref("customer_metrics") %}
        {% set cuts = ref("scheme_cuts") %}
        {% set schemes = policy_schemes() | selectattr("theme", "equalto", model.name) | list %}
        with
            customers as (select * from {{ before }}),
            {{ cuts_cte(schemes, cuts) }}
            classified as (
                select
                    customers.*
                    {%- for scheme in schemes %} {{ scheme_columns(scheme) }}{% endfor %}
                from customers
                cross join cuts
            )
        select *
        from classified
    {% endif %}
{% endmacro %}

{#- `cuts`: one row, a column per cut of these schemes and the population that it ranked. -#}
{% macro cuts_cte(schemes, cuts, levels=["fact", "score"]) %}
    cuts as (
        select
            {%- for scheme in schemes %}
                {%- for level in levels %}
                    {%- for cut_set in cut_sets(scheme, level) %}
                        {%- for band in cut_set.bands %}
                            max(
                                case
                                    when
                                        scheme = '{{ scheme.id }}'
                                        and dimension = '{{ cut_set.dimension }}'
                                        and band = '{{ band }}'
                                    then bound
                                end
                            ) as {{ cut_column(scheme.id, cut_set.dimension, band).split(".")[1] }},
                        {%- endfor %}
                    {%- endfor %}
                {%- endfor %}
                max(
                    case when scheme = '{{ scheme.id }}' then population end
                ) as {{ scheme.id }}__population,
            {%- endfor %}
            count(*) as cut_count
        from {{ cuts }}
    ),
{% endmacro %}

{#- The columns that a scheme adds: its dimensions and score where it has them, then its class. -#}
{% macro scheme_columns(scheme) %}
    {%- if scheme.kind == "score" %} {{ score_columns(scheme) }}{% endif %},
    case
        when {{ outside_population(scheme) }}
        then null
        {%- for class in scheme.classes %}
            when {{ class_condition(scheme, class) }} then '{{ class.code }}'
        {%- endfor %}
        else 'unclassified'
    end as {{ scheme.id }}
{%- endmacro %}

{#- True for whom the scheme says nothing: outside its population, or one too small to be ranked. -#}
{% macro outside_population(scheme) %}
    {%- set tests = [] %}
    {%- if "population" in scheme %}
        {%- do tests.append("not coalesce(" ~ expression_sql(scheme.population) ~ ", false)") %}
    {%- endif %}
    {%- if "min_population" in scheme %}
        {%- do tests.append("cuts." ~ scheme.id ~ "__population < " ~ scheme.min_population) %}
    {%- endif %}
    {%- do return(tests | join(" or ") or "false") %}
{% endmacro %}

{#- All that a class asks for. A last class without a bound takes the rest, but never a NULL metric. -#}
{% macro class_condition(scheme, class) %}
    {%- set measure = metric_sql(scheme.by) if scheme.kind == "ladder" else scheme.id ~ "_score" %}
    {%- set tests = [] %}
    {%- if 'at_least' in class %}
        {% do tests.append(measure ~ ' >= ' ~ class.at_least) %}
    {% endif %}
    {%- for key in ['top', 'top_value'] if key in class %}
        {%- set ranked = scheme.get("by", "score") | string %}
        {%- do tests.append(measure ~ ' >= ' ~ cut_column(scheme.id, ranked, key ~ ' ' ~ class[key])) %}
    {%- endfor %}
    {%- if 'when' in class %}
        {% do tests.append('(' ~ condition_sql(scheme, class.when) ~ ')') %}
    {% endif %}
    {%- if not tests %}
        {%- do tests.append('true' if class.get('otherwise') else measure ~ ' is not null') %}
    {%- endif %}
    {%- do return(tests | join(" and ")) %}
{% endmacro %}

{#- `<id>_<dimension>` for each dimension, 1 to its number of parts, then `<id>_score`, their weighted mean. -#}
{% macro score_columns(scheme) %}
    {%- set weighted = [] %}
    {%- set weights = [] %}
    {%- for name, dimension in scheme.dimensions.items() %}
        {%- set column = scheme.id ~ "_" ~ name %}
        {%- set weight = dimension.get("weight", 1) %}
        {%- do weighted.append("coalesce(" ~ weight ~ " * " ~ column ~ ", 0)") %}
        {%- do weights.append("case when " ~ column ~ " is null then 0 else " ~ weight ~ " end") %},
        {{ dimension_score(scheme, name, dimension) }} as {{ column }}
    {%- endfor %},
    {{ ratio(weighted | join(" + "), weights | join(" + ")) }} as {{ scheme.id }}_score
{%- endmacro %}

{#- The score of one dimension: the number of bounds that the value reaches, plus one. -#}
{% macro dimension_score(scheme, name, dimension) %}
    {%- set value = metric_sql(dimension.by) %}
    {%- set better = "<=" if dimension.get("best") == "low" else ">=" %}
    {%- set bounds = dimension.get("at_least", []) | list %}
    {%- if is_ranked(dimension) %}
        {%- for band in cut_sets(scheme, "fact") | selectattr(
            "dimension", "equalto", name
        ) | map(attribute="bands") | first %}
            {%- do bounds.append(cut_column(scheme.id, name, band)) %}
        {%- endfor %}
    {%- endif %}
    case
        when
            {{ value }} is null
            or not coalesce({{ expression_sql(dimension.get("among", "true")) }}, false)
        then null
        {%- for bound in bounds | reverse %}
            when {{ value }} {{ better }} {{ bound }} then {{ loop.revindex + 1 }}
        {%- endfor %}
        else 1
    end
{%- endmacro %}
