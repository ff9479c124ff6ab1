{#- What is asked of each customer, to find what moves it: see explain_moves. -#}
{#-
    What a scheme's classes ask of one number, in their order: {number, class, measure, direction, bound}.
    Of what a class asks of the same number in the same direction, the last bound is the one that counts.
-#}
{% macro probes_of(scheme) %}
    {% set probes = [] %}
    {% for class in scheme.explained if not scheme.get("many") %}
        {% set parts = class.parts | selectattr("measure", "defined") | list %}
        {% for part in parts | unique(attribute="asks") %}
            {% set bounds = (
                parts
                | selectattr("asks", "equalto", part.asks)
                | map(attribute="bound")
                | list
            ) %}
            {% set last = {1: "greatest", -1: "least", 0: "coalesce"}[part.direction] %}
            {% do probes.append(
                dict(
                    part,
                    class=class,
                    number=probes | length + 1,
                    bound=bounds[0] if bounds | length == 1 else last ~ "(" ~ bounds | join(", ") ~ ")",
                )
            ) %}
        {% endfor %}
    {% endfor %}
    {% do return(probes) %}
{% endmacro %}

{% macro measures_of(probes) %}
    {% do return(probes | map(attribute="measure") | unique(attribute="name") | list) %}
{% endmacro %}

{#- The place of the class from the best down; what no class fits stands after the last. -#}
{% macro place_of(scheme) %}
    {%- if scheme.explained %}
        case
            {{ scheme.id }}
            {%- for class in scheme.explained %}
                when '{{ class.code }}' then {{ class.place }}
            {%- endfor %}
            else {{ scheme.explained | length + 1 }}
        end
    {%- else %} 1
    {%- endif %}
{%- endmacro %}

{#- The class around it in a tree; '' at the top. -#}
{% macro parent_of(scheme) %}
    {%- set nested = scheme.explained | selectattr("parent") | list %}
    {%- if nested %}
        case
            {{ scheme.id }}
            {%- for class in nested %}
                when '{{ class.code }}' then '{{ class.parent }}'
            {%- endfor %}
            else ''
        end
    {%- else %} ''
    {%- endif %}
{%- endmacro %}

{#- How many parts of a probe's class do not hold. -#}
{% macro failing_parts(probes) %}
    case
        _to
        {%- for class in probes | map(attribute="class") | unique(attribute="place") %}
            when {{ class.place }}
            then
                {%- for part in class.parts %}
                    case when {{ part.sql }} then 0 else 1 end {{- " + " if not loop.last }}
                {%- endfor %}
        {%- endfor %}
    end
{%- endmacro %}

{% macro bound_of(probes) -%}
    cast(
        case
            _probe
            {%- for probe in probes %} when {{ probe.number }} then {{ probe.bound }} {%- endfor %}
        end as decimal(28, 8)
    )
{%- endmacro %}

{% macro value_of(probes) -%}
    cast(
        case
            _measure
            {%- for measure in measures_of(probes) %}
                when {{ text_literal(measure.name) }} then {{ measure.sql }}
            {%- endfor %}
        end as decimal(28, 8)
    )
{%- endmacro %}

{% macro probes_table(probes) %}
    (
        values
            {%- for probe in probes %}
                {%- for beyond in ["false", "true"] %}
                    (
                        {{ beyond }},
                        {{ probe.number }},
                        {{ probe.class.place }},
                        '{{ probe.class.code }}',
                        '{{ probe.class.parent }}',
                        {{ text_literal(probe.measure.name) }},
                        {{ text_literal(probe.measure.en) }},
                        {{ text_literal(probe.measure.zh) }},
                        {{ probe.direction }},
                        {{ smallest_step(probe.measure.decimals) }}
                    ){{ "," if not loop.last }}
                {%- endfor %} {{ "," if not loop.last }}
            {%- endfor %}
    ) as probes(
        _is_beyond,
        _probe,
        _to,
        _code,
        _sibling_of,
        _measure,
        _measure_en,
        _measure_zh,
        _direction,
        _step
    )
{%- endmacro %}
