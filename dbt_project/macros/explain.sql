{#- Why every customer is in its class of a scheme, what the next one takes, and what would lose this one. -#}
{#-
    The schemes whose classes everybody may see, each with what explains it: `explained`, its classes as
    {code, place, parent, parts, is_rest}, and `reads`, the columns that decide, `shows`, the others that the explanation needs, `scores`, its dimensions, and its `measure`. None while the tables do not stand.
-#}
{% macro explained_schemes() %}
    {% set explained = [] %}
    {% set schemes = public_schemes() %}
    {% set columns = explained_columns(schemes) if execute else {} %}
    {% for scheme in schemes if columns %}
        {% set decides = conditions_of(scheme) if scheme.get("many") else computed_class(scheme) %}
        {% do explained.append(
            dict(
                scheme,
                explained=explained_classes(scheme, scheme.get("classes", []), columns),
                reads=columns_named(decides ~ " as_of_date", columns),
                scores=scores_of(scheme, columns),
                shows=columns_named(scheme_columns(scheme) | join(" ") ~ " " ~ scheme.get("by"), columns),
                measure=measure_of(scheme, columns),
            )
        ) %}
    {% endfor %}
    {% do return(explained) %}
{% endmacro %}

{#- The columns of the dimensions of a score. -#}
{% macro scores_of(scheme, columns) %}
    {% set scores = [] %}
    {% for name in scheme.get("dimensions", {}) %}
        {% do scores.append(columns[scheme.id ~ "_" ~ name]) %}
    {% endfor %}
    {% do return(scores) %}
{% endmacro %}

{#- The classes of a scheme in the order of the catalogue; in a tree each asks also for what those above it do. -#}
{% macro explained_classes(scheme, classes, columns, above=none, found=none) %}
    {% set found = [] if found is none else found %}
    {% for class in classes if scheme.kind != "attribute" %}
        {% set own = class_parts(scheme, class, columns) %}
        {% set explained = {
            "code": (above.code ~ "." if above else "") ~ class.code,
            "place": found | length + 1,
            "parent": above.code if above else "",
            "parts": (above.parts if above else []) + own,
            "is_rest": not own,
            "en": class.en,
            "zh": class.zh,
        } %}
        {% do found.append(explained) %}
        {% do explained_classes(scheme, class.get("classes", []), columns, explained, found) %}
    {% endfor %}
    {% do return(found) %}
{% endmacro %}

{#- The schemes without the parts of their scores: explanations name the bounds of classes alone. -#}
{% macro without_parts(schemes) %}
    {% set others = [] %}
    {% for scheme in schemes %}
        {% do others.append(dict(scheme, dimensions={}) if scheme.kind == "score" else scheme) %}
    {% endfor %}
    {% do return(others) %}
{% endmacro %}

{#- All conditions of a scheme that gives several classes. -#}
{% macro conditions_of(scheme) %}
    {% set conditions = [outside_population(scheme)] %}
    {% for class in scheme.classes %}
        {% do conditions.append(condition_sql(scheme, class.when)) %}
    {% endfor %}
    {% do return(conditions | join(" or ")) %}
{% endmacro %}

{#-
    Customers of one scheme with their class, what it comes from, and how many parts of each class do not
    hold. Names that begin with an underscore are of the explanation: no policy can have them.
-#}
{% macro judged(scheme) %}
    {%- set computed = scheme.id ~ ("_computed" if has_state(scheme) else "") %}
    {{ scheme.id }}_judged as (
        select
            customer_id,
            {%- for column in scheme.reads %} {{ column.name }},{% endfor %}
            {%- if scheme.measure.sql == "_by" %} {{ metric_sql(scheme.by) }} as _by,{% endif %}
            {%- for class in scheme.explained if class.parts %}
                {{ failing_parts(class.parts) }} as _failing_{{ class.place }},
            {%- endfor %}
            {{ place_of(scheme) }} as _place,
            {{ parent_of(scheme) }} as _parent,
            {{ scheme.id }} as _class,
            {{ computed }} as _computed,
            {{ decided_by(scheme) }} as _decided_by,
            {{ below_since(scheme) }} as _below_since,
            {{ held_until(scheme) }} as _held_until,
            {{ reason(scheme, computed, "en") }} as _reason_en,
            {{ reason(scheme, computed, "zh") }} as _reason_zh
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
            {%- for class in nested %} when '{{ class.code }}' then '{{ class.parent }}' {%- endfor %}
            else ''
        end
    {%- else %} ''
    {%- endif %}
{%- endmacro %}
