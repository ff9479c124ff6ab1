{#- How a class that is not simply computed came about, from the columns of customer_classes. -#}
{% macro decided_by(scheme) %}
    {%- if has_state(scheme) %}
        case
            {%- if "declared" in scheme %}
                when {{ scheme.id }}_declared is not null then 'declared'
            {%- endif %}
            {%- if "hold" in scheme %}
                when {{ scheme.id }}_held <> {{ scheme.id }}_computed then 'hold'
            {%- endif %}
            else 'computed'
        end
    {%- else %} 'computed'
    {%- endif %}
{%- endmacro %}

{% macro below_since(scheme) %}
    {%- if "hold" in scheme %} {{ scheme.id }}_below_since
    {%- else %} cast(null as date)
    {%- endif %}
{%- endmacro %}

{#- The earliest day on which a waiting fall may happen: the first review that finds it waited long enough. -#}
{% macro held_until(scheme) %}
    {%- if "hold" in scheme %}
        {%- set waited = scheme.id ~ "_below_since + interval '" ~ scheme.hold.days ~ "' day" %}
        {%- set day = (
            "greatest(cast("
            ~ waited
            ~ " as date), cast(as_of_date + interval '1' day as date))"
        ) %}
        case
            when {{ scheme.id }}_below_since is not null
            then
                {%- if "review_day" in scheme.hold %} {{ next_review(day, scheme.hold.review_day) }}
                {%- else %} {{ day }}
                {%- endif %}
        end
    {%- else %} cast(null as date)
    {%- endif %}
{%- endmacro %}

{#- The first date from the day on that has this day of the month. -#}
{% macro next_review(day, review_day) -%}
    cast(
        date_trunc('month', {{ day }})
        + interval '{{ review_day - 1 }}' day
        + case
            when extract(day from {{ day }}) > {{ review_day }}
            then interval '1' month
            else interval '0' month
        end as date
    )
{%- endmacro %}

{#- After a bound of the class is lost: the class that a hold lets it fall to, a few steps at a time. -#}
{% macro after_hold(scheme, computed) %}
    {%- if "hold" in scheme %}
        case
            when _code <> _class or {{ class_rank(scheme, computed) }} is null
            then {{ computed }}
            else
                case
                    least(
                        _place + {{ scheme.hold.get("steps", 1) }},
                        {{ class_rank(scheme, computed) }}
                    )
                    {%- for class in scheme.explained %}
                        when {{ class.place }} then '{{ class.code }}'
                    {%- endfor %}
                end
        end
    {%- else %} {{ computed }}
    {%- endif %}
{%- endmacro %}
