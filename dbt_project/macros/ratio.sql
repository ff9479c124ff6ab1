{#- A quotient rounded half up, once, to decimal(28, 8); NULL when the denominator is zero, or the
    quotient too great for the type. The step through twelve digits takes a double's noise away before
    rounding. -#}
{% macro ratio(numerator, denominator) -%}
    try_cast(
        round(
            {{
                double_as_decimal(
                    "cast(("
                    ~ numerator
                    ~ ") as double) / nullif(cast(("
                    ~ denominator
                    ~ ") as double), 0)"
                )
            }},
            8
        ) as decimal(28, 8)
    )
{%- endmacro %}
