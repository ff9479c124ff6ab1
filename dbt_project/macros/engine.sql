{#- Every word that an engine spells in its own way stands here and nowhere else. -#}
{% macro full_match(text, pattern) -%}
    {{ adapter.dispatch("full_match")(text, pattern) }}
{%- endmacro %}

{% macro duckdb__full_match(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro %}

{#- The text without white space, as Unicode defines it, at its ends. The engine's trim with a set of
    characters is slow; a text whose ends are printable ASCII, nearly every one, goes past it. -#}
{% macro stripped(text) -%} {{ adapter.dispatch("stripped")(text) }} {%- endmacro %}

{% macro duckdb__stripped(text) -%}
    {%- set ascii_space = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0" -%}
    {%- set wide_space = (
        "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    ) -%}
    {%- set other_space = "\u2028\u2029\u202f\u205f\u3000" -%}
    case
        when {{ text }} between '!' and '~' and {{ text }} [-1] between '!' and '~'
        then {{ text }}
        else trim({{ text }}, '{{ ascii_space ~ wide_space ~ other_space }}')
    end
{%- endmacro %}

{#- A moment that carries an offset, as the naive moment that a clock of the zone shows then. -#}
{% macro moment_at_zone(text, zone) -%}
    {{ adapter.dispatch("moment_at_zone")(text, zone) }}
{%- endmacro %}

{% macro duckdb__moment_at_zone(text, zone) -%}
    timezone({{ zone }}, try_cast({{ text }} as timestamptz))
{%- endmacro %}

{#- One number for the values of a row: equal rows have equal numbers. -#}
{% macro row_hash(columns) -%} {{ adapter.dispatch("row_hash")(columns) }} {%- endmacro %}

{% macro duckdb__row_hash(columns) -%} hash({{ columns | join(", ") }}) {%- endmacro %}

{#- A number for people: groups of three digits; no decimals when it is whole, otherwise two or more. -#}
{% macro number_text(number) -%} {{ adapter.dispatch("number_text")(number) }} {%- endmacro %}

{% macro duckdb__number_text(number) -%}
    case when {{ number }} < 0 then '-' else '' end
    || format('{:,}', cast(trunc(abs(cast({{ number }} as decimal(28, 8)))) as hugeint))
    || regexp_replace(
        cast(cast({{ number }} as decimal(28, 8)) as varchar),
        '^.*([.]0{8}|([.][0-9]{2}[0-9]*?)0*)$',
        '\2'
    )
{%- endmacro %}
