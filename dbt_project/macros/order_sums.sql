{#-
    What customer_orders counts and adds up in each window, of the rows for which the column
    `<is_in>_<window>` is true.
-#}
{% macro order_sums(is_in) %}
    {%- for days in [30, 90, 180, 365] %}
        count(gross_amount) filter (where {{ is_in }}_{{ days }}d) as order_count_{{ days }}d,
    {%- endfor %}
    {%- for kind in ["gross", "credit"] %}
        {%- for window in ["30d", "90d", "180d", "365d", "prior_180d"] %}
            {{ money_sum(kind ~ "_amount", is_in ~ "_" ~ window) }}
            as {{ kind }}_amount_{{ window }},
        {%- endfor %}
    {%- endfor %}
    {{ money_sum("cost_amount", "is_purchase and " ~ is_in ~ "_365d") }} as cost_amount_365d,
    {{ money_sum("gross_amount", "cost_amount is null and " ~ is_in ~ "_365d") }}
    as uncosted_amount_365d,
    {{ money_sum("discount_amount", "is_purchase and " ~ is_in ~ "_365d") }}
    as discount_amount_365d,
    count(promo_code) filter (where is_purchase and {{ is_in }}_365d) as promo_order_count_365d
{% endmacro %}

{#- The same of who is not counted anew: what stood, without what has left each window. -#}
{% macro order_sums_left() %}
    {%- for days in [30, 90, 180, 365] %}
        {{ what_is_left("order_count_" ~ days ~ "d", "bigint") }},
    {%- endfor %}
    {%- for kind in ["gross", "credit"] %}
        {%- for window in ["30d", "90d", "180d", "365d"] %}
            {{ what_is_left(kind ~ "_amount_" ~ window, "decimal(18, 4)") }},
        {%- endfor %}
        {%- set prior, last = kind ~ "_amount_prior_180d", kind ~ "_amount_180d" %}
        {{ what_is_left(prior, "decimal(18, 4)", "coalesce(leaving." ~ last ~ ", 0)") }},
    {%- endfor %}
    {%- for amount in ["cost_amount_365d", "uncosted_amount_365d", "discount_amount_365d"] %}
        {{ what_is_left(amount, "decimal(18, 4)") }},
    {%- endfor %}
    {{ what_is_left("promo_order_count_365d", "bigint") }}
{% endmacro %}

{% macro what_is_left(column, type, entering="0") -%}
    cast(
        stood.{{ column }} + {{ entering }} - coalesce(leaving.{{ column }}, 0) as {{ type }}
    ) as {{ column }}
{%- endmacro %}
