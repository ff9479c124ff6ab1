{#- A quotient rounded half up to decimal(28, 8); NULL when the denominator is zero, or the quotient too
    great for the type. It is good to the fifteen digits of a double, the eight behind the point
    included; the step through twelve of these takes the noise of a small one away before rounding. -#}
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
