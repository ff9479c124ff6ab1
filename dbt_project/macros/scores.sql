{#- `<id>_<dimension>` for each dimension, 1 to its number of parts, then `<id>_score`, their weighted mean. -#}
{% macro score_columns(scheme) %}
    {%- set weighted = [] %}
    {%- set weights = [] %}
    {%- set columns = [] %}
    {%- for name, dimension in scheme.dimensions.items() %}
        {%- set column = scheme.id ~ "_" ~ name %}
        {%- set weight = dimension.get("weight", 1) %}
        {%- do columns.append(column) %}
        {%- do weighted.append("coalesce(" ~ weight ~ " * " ~ column ~ ", 0)") %}
        {%- do weights.append("case when " ~ column ~ " is null then 0 else " ~ weight ~ " end") %},
        {{ dimension_score(scheme, name, dimension) }} as {{ column }}
    {%- endfor %},
    {%- set mean = ratio(weighted | join(" + "), weights | join(" + ")) %}
    {%- if scheme.get("missing") == "none" %}
        case when {{ columns | join(" is not null and ") }} is not null then {{ mean }} end
    {%- else %} {{ mean }}
    {%- endif %} as {{ scheme.id }}_score
{%- endmacro %}

{#- The score of one dimension; NULL where there is no value, or for whom it does not rank. -#}
{% macro dimension_score(scheme, name, dimension) %}
    case
        when not coalesce({{ expression_sql(dimension.get("among", "true")) }}, false)
        then null
        {%- if "points" in dimension %}
            {%- for text, points in dimension.points.items() %}
                when {{ as_text(dimension.by) }} = '{{ text }}'
                then {{ points }}
                {%- endfor %} {%- elif "scored" in dimension %}
            else {{ metric_sql(dimension.by) }}
            {%- else %} {{ part_arms(scheme, name, dimension) }}
            {%- endif %}
    end
{%- endmacro %}

{#- The number of bounds that the value reaches, plus one. -#}
{% macro part_arms(scheme, name, dimension) %}
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
    {%- for bound in bounds | reverse %}
        when {{ value }} {{ better }} {{ bound }} then {{ loop.revindex + 1 }}
    {%- endfor %}
    when {{ value }} is not null
    then 1
{%- endmacro %}
