{#- Segments that an evaluation found: each is a condition, kept in history, and replayed as it stands. -#}
{#-
    The segments in force as {code, en, zh, when}, in order; none while theme predicted is off. A customer is
    in one at most.
-#}
{% macro found_segments() %}
    {#- named at once: while it parses, dbt learns what a model reads #}
    {% set kept = source("history", "segments") %}
    {% set found = [] %}
    {% if execute and "predicted" in var("themes") %}
        {% set query %}
            select distinct segment_code, label_en, label_zh, condition, position
            from {{ kept }}
            order by position
        {% endset %}
        {% for code, en, zh, when, position in run_query(query).rows %}
            {% do found.append({"code": code, "en": en, "zh": zh, "when": when}) %}
        {% endfor %}
    {% endif %}
    {% do return(found) %}
{% endmacro %}

{#- The segment of a customer, from its facts. -#}
{% macro segment_code() %}
    {%- set segments = found_segments() %}
    {%- if segments %}
        case
            {%- for segment in segments %}
                when {{ expression_sql(segment.when) }} then {{ text_literal(segment.code) }}
            {%- endfor %}
        end
    {%- else %} cast(null as {{ dbt.type_string() }})
    {%- endif %}
{%- endmacro %}
