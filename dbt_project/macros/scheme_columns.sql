{#- The names of the columns that a scheme has, by what they are for. -#}
{#- Where the class stands: one column, or one boolean for each label where several may fit. -#}
{% macro class_columns(scheme) %}
    {% set columns = [] %}
    {% for class in (scheme.classes if scheme.get("many") else []) %}
        {% do columns.append(scheme.id ~ "_" ~ class.code) %}
    {% endfor %}
    {% do return(columns or [scheme.id]) %}
{% endmacro %}

{#- What is held and since when a fall waits, and what a person declared. -#}
{% macro state_columns(scheme) %}
    {% set columns = [] %}
    {% if "hold" in scheme %}
        {% do columns.extend([scheme.id ~ "_held", scheme.id ~ "_below_since"]) %}
    {% endif %}
    {% if "declared" in scheme %} {% do columns.append(scheme.id ~ "_declared") %} {% endif %}
    {% do return(columns) %}
{% endmacro %}

{#- What history keeps. -#}
{% macro kept_columns(scheme) %}
    {% do return(class_columns(scheme) + state_columns(scheme)) %}
{% endmacro %}

{#- All of them: the scores, the class, and where that is not the computed one, how it came about. -#}
{% macro scheme_columns(scheme) %}
    {% set columns = [] %}
    {% for dimension in scheme.get("dimensions", {}) %}
        {% do columns.append(scheme.id ~ "_" ~ dimension) %}
    {% endfor %}
    {% if scheme.kind == "score" %} {% do columns.append(scheme.id ~ "_score") %} {% endif %}
    {% do columns.extend(class_columns(scheme)) %}
    {% if has_state(scheme) %} {% do columns.append(scheme.id ~ "_computed") %} {% endif %}
    {% do return(columns + state_columns(scheme)) %}
{% endmacro %}

{#- Whether the class depends on more than the day: on a hold, or on what a person declared. -#}
{% macro has_state(scheme) %} {% do return(state_columns(scheme) != []) %} {% endmacro %}

{#- The columns of several schemes, of one sort: kept_columns, scheme_columns. -#}
{% macro columns_of(schemes, sort) %}
    {% set columns = [] %}
    {% for scheme in schemes %} {% do columns.extend(sort(scheme)) %} {% endfor %}
    {% do return(columns) %}
{% endmacro %}

{#- The class as one text: where several fit, their codes in the order of the policy. `before` is what a
    column's name has before it, such as `previous_classes.` -#}
{% macro class_text(scheme, before) %}
    {%- if not scheme.get("many") %} {%- do return(before ~ scheme.id) %} {%- endif %}
    {%- set texts = [] %}
    {%- for class in scheme.classes %}
        {%- set column = before ~ scheme.id ~ "_" ~ class.code %}
        {%- do texts.append("case when " ~ column ~ " then '; " ~ class.code ~ "' else '' end") %}
    {%- endfor %}
    {#- Any of them: an earlier day knows nothing of a label that is new. -#}
    {%- set columns = before ~ class_columns(scheme) | join(", " ~ before) %}
    {%- do return(
        "case when coalesce(" ~ columns ~ ") is not null then substr(" ~ texts
        | join(" || ") ~ ", 3) end"
    ) %}
{% endmacro %}

{#- Every class of a tree with its path as code, parents before children. -#}
{% macro flat_classes(classes, path="") %}
    {% set flat = [] %}
    {% for class in classes %}
        {% do flat.append(dict(class, code=path ~ class.code)) %}
        {% if class.get("classes") %}
            {% do flat.extend(flat_classes(class.classes, path ~ class.code ~ ".")) %}
        {% endif %}
    {% endfor %}
    {% do return(flat) %}
{% endmacro %}
