{#- Every column that has a domain holds nothing outside it. -#}
{% test values_are_in_their_domains(model, table) %}
    {%- set outside = [] %}
    {%- for column in canonical_columns(table) if column["values"] %}
        {%- do outside.append(
            column.name ~ " not in ('" ~ column["values"] | join("', '") ~ "')"
        ) %}
    {%- endfor %}
    select *
    from {{ model }}
    where {{ outside | join(" or ") or "true" }}
{% endtest %}
