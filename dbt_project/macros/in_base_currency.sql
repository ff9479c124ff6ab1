{#- An amount of an order at the rate of its day, which is NULL for one in base currency; NULL when it is
    too large. It is widened first: engines give a product no more digits than its factors ask for. -#}
{% macro in_base_currency(amount, rate) -%}
    case
        when {{ rate }} is null
        then {{ amount }}
        else try_cast(cast({{ amount }} as decimal(19, 4)) * {{ rate }} as decimal(18, 4))
    end
{%- endmacro %}
