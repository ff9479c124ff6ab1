{#- Why a customer is in its class: what the class asks for, and the values that meet it. -#}
{% macro reason(scheme, computed, language) %}
    {%- set words = words(language) %}
    {%- if scheme.kind == "attribute" %}
        {{ equals_in_words(scheme.measure, language) }} || case
            when {{ computed }} = 'unclassified'
            then {{ text_literal(words["and"] ~ words.unclassified) }}
            else ''
        end
    {%- else %}
        case
            {{ computed }}
            {%- for class in scheme.explained %}
                when '{{ class.code }}' then {{ class_reason(scheme, class, language) }}
            {%- endfor %}
            {%- for code in ["unclassified", "unknown"] %}
                when '{{ code }}'
                then
                    {{ text_literal(words.unclassified) }}
                    || {{ values_in_words(scheme.reads, language) }}
            {%- endfor %}
        end
        {%- if is_by_score(scheme) %} || {{ scores_in_words(scheme, language) }}
        {% endif %}
    {%- endif %}
{%- endmacro %}

{#- What one class asks for. Who has the rest has missed all that stands before it. -#}
{% macro class_reason(scheme, class, language) %}
    {% set words = words(language) %}
    {% set reasons = class.parts | map(attribute=language) | unique | list %}
    {% if class.is_rest and asks_for_its_measure_alone(scheme) %}
        {% do reasons.append(
            equals_in_words(scheme.measure, language) ~ " || " ~ text_literal(words.short)
        ) %}
    {% elif class.is_rest %}
        {% set values = values_in_words(scheme.reads, language) %}
        {% do reasons.append(text_literal(words.rest) ~ " || " ~ values) %}
    {% endif %}
    {% do return(reasons | join(" || " ~ text_literal(words["and"]) ~ " || ")) %}
{% endmacro %}

{#- Whether every class of a ladder or score asks for so much of its measure and for nothing else. -#}
{% macro asks_for_its_measure_alone(scheme) %}
    {% set others = [] %}
    {% for part in scheme.explained | sum(attribute="parts", start=[]) %}
        {% if part.get("asks") != (scheme.measure or {}).get("name") ~ " 1" %}
            {% do others.append(part) %}
        {% endif %}
    {% endfor %}
    {% do return(scheme.measure and not others) %}
{% endmacro %}

{#- Whether it is the score that decides, rather than each of its dimensions. -#}
{% macro is_by_score(scheme) %}
    {% set measured = [] %}
    {% for class in scheme.explained %}
        {% do measured.extend(class.parts | map(attribute="measure", default={}) | list) %}
    {% endfor %}
    {% do return(scheme.kind == "score" and scheme.measure in measured) %}
{% endmacro %}

{#- The dimensions of a score, and that it is the mean of those which are known, where one is not. -#}
{% macro scores_in_words(scheme, language) %}
    {% set values = values_in_words(scheme.scores, language) %}
    {% if scheme.get("missing") == "none" %} {% do return(values) %} {% endif %}
    {% set unknown = scheme.scores | map(attribute="name") | join(" is null or ") ~ " is null" %}
    {% set missing = text_literal(words(language).missing) %}
    {% do return(values ~ " || case when " ~ unknown ~ " then " ~ missing ~ " else '' end") %}
{% endmacro %}

{#- What would lose a class that asks for nothing, or is a value; others lose what they ask for. -#}
{% macro how_left(scheme, language) %}
    {%- set before, after = words(language).changed %}
    {%- set rest = scheme.explained | selectattr("is_rest") | map(attribute="code") | list %}
    {%- if scheme.kind == "attribute" %}
        {{ text_literal(before ~ scheme.measure[language] ~ after) }}
    {%- else %}
        case
            when {{ scheme.id }} in ('{{ (rest + ["unclassified"]) | join("', '") }}')
            then {{ text_literal(words(language).left) }}
        end
    {%- endif %}
{%- endmacro %}

{#- The classes that fit, by their names or by their reasons. -#}
{% macro labels_in_words(scheme, language, with_reasons=false) %}
    {%- set joining = words(language)["and"] %}
    {%- set texts = [] %}
    {%- for class in scheme.explained %}
        {%- set text = class_reason(scheme, class, language) if with_reasons else text_literal(class[language]) %}
        {%- do texts.append(
            "case when "
            ~ scheme.id
            ~ "_"
            ~ class.code
            ~ " then "
            ~ text_literal(joining)
            ~ " || "
            ~ text
            ~ " else '' end"
        ) %}
    {%- endfor %}
    {%- do return("substr(" ~ texts | join(" || ") ~ ", " ~ (joining | length + 1) ~ ")") %}
{% endmacro %}
