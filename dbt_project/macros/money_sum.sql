{#- A sum of money, zero when there is none; recast, since a sum widens the type. -#}
{% macro money_sum(amount, condition=none) -%}
    cast(
        coalesce(
            sum({{ amount }}){{ " filter (where " ~ condition ~ ")" if condition }}, 0
        ) as decimal(18, 4)
    )
{%- endmacro %}
