{#- Days from an earlier date to a later one. -#}
{% macro days_until(later, earlier) -%}
    cast({{ dbt.datediff(earlier, later, "day") }} as bigint)
{%- endmacro %}

{#- Birthdays from birth to the day; NULL when the birth lies after it. -#}
{% macro whole_years(birth_date, day) -%}
    case
        when {{ birth_date }} <= {{ day }}
        then
            cast(
                extract(year from {{ day }}) - extract(year from {{ birth_date }}) as bigint
            ) - case
                when
                    100 * extract(month from {{ day }}) + extract(day from {{ day }})
                    < 100 * extract(month from {{ birth_date }})
                    + extract(day from {{ birth_date }})
                then 1
                else 0
            end
    end
{%- endmacro %}
