{#- What customer_orders counts or adds up (`of`) in each window, and of which rows (`where`). -#}
{% macro windowed_order_sums() %}
    {%- set sums = [] %}
    {%- for window in ["30d", "90d", "180d", "365d"] %}
        {%- do sums.append({"name": "order_count", "of": "gross_amount", "window": window}) %}
    {%- endfor %}
    {%- for amount in ["gross_amount", "credit_amount"] %}
        {%- for window in ["30d", "90d", "180d", "365d", "prior_180d"] %}
            {%- do sums.append({"name": amount, "of": amount, "window": window}) %}
        {%- endfor %}
    {%- endfor %}
    {%- for name, of, where in [
        ("cost_amount", "cost_amount", "is_purchase"),
        ("uncosted_amount", "gross_amount", "cost_amount is null"),
        ("discount_amount", "discount_amount", "is_purchase"),
        ("promo_order_count", "promo_code", "is_purchase"),
    ] %}
        {%- do sums.append({"name": name, "of": of, "window": "365d", "where": where}) %}
    {%- endfor %}
    {% do return(sums) %}
{% endmacro %}

{#- Of the rows for which the column `<is_in>_<window>` is true. -#}
{% macro order_sums(is_in) %}
    {%- for sum in windowed_order_sums() %}
        {%- set condition = is_in ~ "_" ~ sum.window %}
        {%- if sum.where %} {%- set condition = sum.where ~ " and " ~ condition %} {%- endif %}
        {%- if sum.name.endswith("_count") %} count({{ sum.of }}) filter (where {{ condition }})
        {%- else %} {{ money_sum(sum.of, condition) }}
        {%- endif %} as {{ sum.name }}_{{ sum.window }} {{- "," if not loop.last }}
    {%- endfor %}
{% endmacro %}

{#- The same of everybody, where `lately` has those with a row in any window. -#}
{% macro order_sums_or_zero(lately) %}
    {%- for sum in windowed_order_sums() %}
        {%- set column = sum.name ~ "_" ~ sum.window %}
        coalesce({{ lately }}.{{ column }}, 0) as {{ column }} {{- "," if not loop.last }}
    {%- endfor %}
{% endmacro %}

{#- The same of who is not counted anew: what stood, without what has left each window. -#}
{% macro order_sums_left() %}
    {%- for sum in windowed_order_sums() %}
        {%- set entering = "0" %}
        {%- if sum.window == "prior_180d" %}
            {%- set entering = "coalesce(leaving." ~ sum.name ~ "_180d, 0)" %}
        {%- endif %}
        {{ what_is_left(sum.name, sum.window, entering) }} {{- "," if not loop.last }}
    {%- endfor %}
{% endmacro %}
