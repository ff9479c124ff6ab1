{#- A count or sum of a customer: zero when there is nothing, NULL when nobody supplies its source. -#}
{% macro zero_if_silent(value, source) -%}
    case when supplied.{{ source }} then coalesce({{ value }}, 0) end
{%- endmacro %}
