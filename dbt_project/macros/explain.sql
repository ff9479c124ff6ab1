{#- Why every customer is in its class of a scheme, what the next one takes, and what would lose this one. -#}
{#-
    The schemes whose classes everybody may see, each with what explains it: `explained`, its classes as
    {code, place, parts}, and `reads`, the columns that decide.
-#}
{% macro explained_schemes() %}
    {% set schemes = [] %}
    {% set visible = policy_schemes() | rejectattr("sensitive", "true") | list %}
    {% set columns = explained_columns(visible) %}
    {% for scheme in visible if columns %}
        {% set own = dict(scheme, by="_by") if scheme.kind == "ladder" and scheme.by not in columns else scheme %}
        {% set classes = [] %}
        {% for class in scheme.classes %}
            {% do classes.append(
                {
                    "code": class.code,
                    "place": loop.index,
                    "parts": class_parts(scheme, class, columns),
                }
            ) %}
        {% endfor %}
        {% do schemes.append(
            dict(
                own,
                explained=classes,
                reads=columns_named("as_of_date " ~ computed_class(scheme), columns),
                column=columns[scheme.id],
                expression=scheme.by if own is not sameas scheme,
                measure=measure_of(scheme, columns) if scheme.kind != "rules",
            )
        ) %}
    {% endfor %}
    {% do return(schemes) %}
{% endmacro %}

{#- The class that a scheme computes of its columns. -#}
{% macro computed_class(scheme) %}
    case
        when {{ outside_population(scheme) }}
        then null
        {%- for class in scheme.classes %}
            when {{ class_condition(scheme, class) }} then '{{ class.code }}'
        {%- endfor %}
        else 'unclassified'
    end
{% endmacro %}

{#- Customers of one scheme with their class, its reasons, and how many parts of each class do not hold. -#}
{% macro judged(scheme) %}
    {{ scheme.id }}_judged as (
        select
            customer_id,
            {%- for column in scheme.reads %} {{ column.name }},{% endfor %}
            {%- if scheme.expression %} {{ metric_sql(scheme.expression) }} as _by,{% endif %}
            {{ scheme.id }} as _class,
            case
                {{ scheme.id }}
                {%- for class in scheme.explained %}
                    when '{{ class.code }}' then {{ class.place }}
                {%- endfor %}
                else {{ scheme.explained | length + 1 }}
            end as _place,
            {%- for class in scheme.explained if class.parts %}
                {{ failing_parts(class.parts) }} as _failing_{{ class.place }},
            {%- endfor %}
            {{ reasons(scheme, "en") }} as _reason_en,
            {{ reasons(scheme, "zh") }} as _reason_zh
        from customers
        cross join cuts
        where {{ scheme.id }} is not null
    ),
{%- endmacro %}

{% macro failing_parts(parts) %}
    {%- for part in parts %}
        case when {{ part.sql }} then 0 else 1 end {{- " + " if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Why a customer is in its class: what the class asks for, and the values that meet it. -#}
{% macro reasons(scheme, language) %}
    {%- set joining = " || '" ~ words(language)["and"] ~ "' || " %}
    case
        {{ scheme.id }}
        {%- for class in scheme.explained %}
            when '{{ class.code }}'
            then
                {{ class.parts | map(attribute=language) | join(joining) or rest_in_words(scheme, language) }}
        {%- endfor %}
        else
            {{ quoted(words(language).unclassified) }} || {{ values_in_words(scheme.reads[1:], language) }}
    end
    {%- if scheme.kind == "score" %} || {{ dimensions_in_words(scheme, language) }}{% endif %}
{%- endmacro %}

{% macro rest_in_words(scheme, language) %}
    {% if scheme.measure %}
        {% do return(
            equals_in_words(scheme.measure, language) ~ " || " ~ quoted(words(language).short)
        ) %}
    {% endif %}
    {% do return(
        quoted(words(language).rest) ~ " || " ~ values_in_words(scheme.reads[1:], language)
    ) %}
{% endmacro %}
