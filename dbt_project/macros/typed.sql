{#- A landed text without white space at its ends; NULL when nothing is left. -#}
{% macro filled(text) -%} nullif({{ stripped(text) }}, '') {%- endmacro %}

{#-
    Text to a type. A text has to have the shape of its type before it is cast: engines differ in what
    they take for a number or a date. What has not the shape, or cannot be cast, is NULL. No offset moves
    the last day of the year 9999, a mark for `never`: few readers know a year 10000.
-#}
{% macro typed(text, type, zone="run.timezone") -%}
    {%- if type == "text" -%} {{ text }}
    {%- elif type == "boolean" -%}
        case
            when lower({{ text }}) in ('true', '1', 'yes', 'y', 't', '是')
            then true
            when lower({{ text }}) in ('false', '0', 'no', 'n', 'f', '否')
            then false
        end
    {%- elif type == "date" -%} cast({{ typed(text, "timestamp", zone) }} as date)
    {%- elif type == "timestamp" -%}
        case
            when {{ full_match(text, type_shapes().naive_moment) }}
            then try_cast({{ text }} as timestamp)
            when
                {{ text }} like '9999-12-31%'
                and {{ full_match(text, type_shapes().offset_moment) }}
            then cast('9999-12-31' as timestamp)
            when {{ full_match(text, type_shapes().offset_moment) }}
            then {{ moment_at_zone(text, zone) }}
        end
    {%- else -%}
        case when {{ full_match(text, type_shapes()[type]) }} then {{ cast_number(text, type) }} end
    {%- endif -%}
{%- endmacro %}

{#- The moment of a text that carries an offset, as a clock in UTC shows it; NULL for other texts. -#}
{% macro instant(text) -%}
    case
        when
            {{ text }} like '%Z'
            or substr({{ text }}, 12) like '%+%'
            or substr({{ text }}, 12) like '%-%'
        then
            case
                when {{ text }} like '9999-12-31%'
                then cast('9999-12-31' as timestamp)
                else {{ moment_at_zone(text, "'UTC'") }}
            end
    end
{%- endmacro %}

{#-
    A whole number goes through decimal, because engines round or cut '1.0' as they like. The others go
    through a wider one: cast at once, '8.3e14' would come out with a digit more than its type has.
-#}
{% macro cast_number(text, type) -%}
    {%- if type == "money" -%} try_cast(try_cast({{ text }} as decimal(38, 4)) as decimal(18, 4))
    {%- elif type == "number" -%} try_cast(try_cast({{ text }} as decimal(38, 8)) as decimal(28, 8))
    {%- else -%} try_cast(try_cast({{ text }} as decimal(28, 0)) as bigint)
    {%- endif -%}
{%- endmacro %}

{#- Patterns that the whole of a text has to match. A year before 1000 is a mark for `unknown`. -#}
{% macro type_shapes() %}
    {% set number = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?" %}
    {% set day = "[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}" %}
    {% set clock = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?" %}
    {% set offset = "(Z|[+-][01][0-9](:?[0-5][0-9])?)" %}
    {% do return(
        {
            "money": number,
            "number": number,
            "integer": "[+-]?[0-9]+([.]0*)?",
            "naive_moment": day ~ "([ T]" ~ clock ~ ")?",
            "offset_moment": day ~ "[ T]" ~ clock ~ offset,
        }
    ) %}
{% endmacro %}

{#- Why a text could not be typed. -#}
{% macro untyped_reason(text, type) -%}
    {%- set reasons = {
        "money": "not_a_number",
        "number": "not_a_number",
        "integer": "not_an_integer",
        "date": "not_a_date",
        "timestamp": "not_a_timestamp",
        "boolean": "not_a_boolean",
    } -%}
    {%- if type in type_shapes() -%}
        case
            when {{ full_match(text, type_shapes()[type]) }}
            then 'out_of_range'
            else '{{ reasons[type] }}'
        end
    {%- else -%} '{{ reasons[type] }}'
    {%- endif -%}
{%- endmacro %}
