{#- Bounds of conditions, exact to the smallest step of the column that they bound. -#}
{% macro is_number(text) %}
    {% do return(modules.re.fullmatch("-?\\d{1,18}([.]\\d{1,8})?", text)) %}
{% endmacro %}

{#- A bound of a column, in the decimals of metrics. -#}
{% macro bound_sql(scheme, column, text) %}
    {% if is_number(text) %} {% do return(text) %} {% endif %}
    {% if modules.re.fullmatch("p\\d{1,2}", text) %}
        {% do return(cut_column(scheme.id, column, text)) %}
    {% endif %}
    {% do return("cast(" ~ condition_sql(scheme, text) ~ " as decimal(28, 8))") %}
{% endmacro %}

{#- The same; NULL when it has more decimals than that, since it would not be exact. -#}
{% macro exact_bound(scheme, column, text) %}
    {% set bound = bound_sql(scheme, column, text) %}
    {% if not bound.startswith("cast(") %} {% do return(bound) %} {% endif %}
    {% set exact = bound ~ " = " ~ condition_sql(scheme, text) %}
    {% do return("case when " ~ exact ~ " then " ~ bound ~ " end") %}
{% endmacro %}

{#- The last value of a column with so many decimals that still compares with a bound as it has to. -#}
{% macro last_value(bound, decimals, comparison) %}
    {% set step = smallest_step(decimals) %}
    {% set finer = bound.partition(".")[2] | length if is_number(bound) else 8 %}
    {% set value = bound %}
    {% if finer > decimals and comparison != "=" %}
        {% set near = "cast(" ~ bound ~ " as decimal(28, " ~ decimals ~ "))" %}
        {% set short, onwards = ("<", "+") if comparison in (">=", "<") else (">", "-") %}
        {% set missing = (
            "case when " ~ [near, short, bound]
            | join(" ") ~ " then " ~ step ~ " else 0 end"
        ) %}
        {% set value = [near, onwards, missing] | join(" ") %}
    {% endif %}
    {% do return(value ~ {">": " + " ~ step, "<": " - " ~ step}.get(comparison, "")) %}
{% endmacro %}

{% macro smallest_step(decimals) %}
    {% do return("0." ~ "0" * (decimals - 1) ~ "1" if decimals else "1") %}
{% endmacro %}
