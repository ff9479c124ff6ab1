{#- The columns of a scheme in customer_classes: its dimensions and score where it has them, then its class. -#}
{% macro class_columns(scheme) %}
    {%- set columns = [] %}
    {%- for dimension in scheme.get("dimensions", {}) %}
        {%- do columns.append(scheme.id ~ "_" ~ dimension) %}
    {%- endfor %}
    {%- if scheme.kind == "score" %} {%- do columns.append(scheme.id ~ "_score") %} {%- endif %}
    {%- do columns.append(scheme.id) %}
    {%- do return(columns) %}
{% endmacro %}
