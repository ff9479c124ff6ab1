{#- Why every customer is in its class of a scheme, what the next one takes, and what would lose this one. -#}
{#-
    The schemes whose classes everybody may see, each with what explains it: `explained`, its classes as
    {code, place, parent, parts, is_rest, en, zh}; `reads`, the columns that decide, and `bounds`, the cuts
    that do; `shows`, the other columns that are told; `scores`, its dimensions; and its `measure`. None
    while the tables do not stand.
-#}
{% macro explained_schemes() %}
    {% set explained = [] %}
    {% set schemes = public_schemes() %}
    {% set columns = explained_columns(schemes) if execute else {} %}
    {% for scheme in with_found_classes(schemes) if columns %}
        {% set decides = conditions_of(scheme) if scheme.get("many") else computed_class(scheme) %}
        {% do explained.append(
            dict(
                scheme,
                explained=explained_classes(scheme, scheme.get("classes", []), columns),
                reads=columns_named(decides ~ " as_of_date", columns),
                bounds=modules.re.findall("\\bcuts[.](\\w+)", decides) | unique | list,
                scores=scores_of(scheme, columns),
                shows=columns_named(
                    scheme_columns(scheme) | join(" ") ~ " " ~ scheme.get("by"), columns
                ),
                measure=measure_of(scheme, columns),
            )
        ) %}
    {% endfor %}
    {% do return(explained) %}
{% endmacro %}

{#- What segments a model found is told as rules are: each is a condition on facts. -#}
{% macro with_found_classes(schemes) %}
    {% set told = [] %}
    {% set segments = found_segments() %}
    {% for scheme in schemes %}
        {% set is_found = scheme.get("by") == "segment_code" and "classes" not in scheme %}
        {% do told.append(
            dict(scheme, kind="rules", classes=segments, nothing="unknown")
            if is_found and segments
            else scheme
        ) %}
    {% endfor %}
    {% do return(told) %}
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

{#- One row per customer whom the scheme classifies: its class, what it comes from, and why. -#}
{% macro judgement(scheme) %}
    {%- set computed = scheme.id ~ ("_computed" if has_state(scheme) else "") %}
    select
        customer_id,
        '{{ scheme.id }}' as scheme,
        {{ scheme.id }} as class_code,
        cast(null as {{ dbt.type_string() }}) as class_en,
        cast(null as {{ dbt.type_string() }}) as class_zh,
        {{ computed }} as computed,
        {{ decided_by(scheme) }} as decided_by,
        {{ below_since(scheme) }} as below_since,
        {{ held_until(scheme) }} as held_until,
        {{ reason(scheme, computed, "en") }} as details_en,
        {{ reason(scheme, computed, "zh") }} as details_zh,
        {{ how_left(scheme, "en") }} as left_en,
        {{ how_left(scheme, "zh") }} as left_zh
    from customers as cuts
    where {{ scheme.id }} is not null
{%- endmacro %}

{#- The same of a scheme that gives several classes: all of a customer's classes as one. -#}
{% macro judgement_of_many(scheme) %}
    select
        customer_id,
        '{{ scheme.id }}' as scheme,
        {{ class_text(scheme, "") }} as class_code,
        {{ labels_in_words(scheme, "en") }} as class_en,
        {{ labels_in_words(scheme, "zh") }} as class_zh,
        {{ class_text(scheme, "") }} as computed,
        'computed' as decided_by,
        cast(null as date) as below_since,
        cast(null as date) as held_until,
        {{ labels_in_words(scheme, "en", with_reasons=true) }} as details_en,
        {{ labels_in_words(scheme, "zh", with_reasons=true) }} as details_zh,
        {{ text_literal(words("en").each_left) }} as left_en,
        {{ text_literal(words("zh").each_left) }} as left_zh
    from customers as cuts
    where {{ class_columns(scheme) | join(" or ") }}
{%- endmacro %}
