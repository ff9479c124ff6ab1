{#- The canonical columns of the rows of a table that stand. -#}
{% macro staged_columns(table) -%}
    {{ canonical_columns(table) | map(attribute="name") | join(", ") or "*" }}
{%- endmacro %}
