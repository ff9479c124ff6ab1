{#- Landed rows typed, with `problem` = reason:column of the first thing wrong with the row. -#}
{% macro judged_rows(table, relation, filter="") %}
    {%- set columns = canonical_columns(table) %}
    {%- set origin = [
        "_load_id",
        "_sequence",
        "_row",
        "_entry",
        "_shared_keys",
        "_superseded",
        "_malformed",
    ] %}
    with
        texts as (
            select
                {%- for column in columns %}
                    {{ in_case(filled("landed." ~ column.name), column.case) }}
                    as {{ column.name }},
                {%- endfor %}
                landed.{{ origin | join(", landed.") }}
            from {{ relation }} as landed
            cross join run {{ filter }}
        ),
        typed as (
            select
                {%- for column in columns %}
                    {{ typed("texts." ~ column.name, column.type) }} as {{ column.name }},
                    {%- if column.type != "text" %}
                        texts.{{ column.name }} as {{ column.text }},
                    {%- endif %}
                {%- endfor %}
                texts.{{ origin | join(", texts.") }}
            from texts
            cross join run
        )
    select
        _load_id,
        _sequence,
        _row,
        _entry,
        _shared_keys,
        _superseded,
        {%- for column in columns %} {{ column.name }}, {%- endfor %}
        case
            {%- for test in row_tests(table) %}
                when {{ test.fails }} then {{ test.problem }}
            {%- endfor %}
        end as problem,
        {{ instant("updated_at_text") }} as _updated_instant,
        {{ row_hash(canonical_meta(table).get("key", [])) }} as _key_hash
    from typed
{% endmacro %}

{#- The key of a landed row as one number, from the landed texts. -#}
{% macro key_hash(table) -%}
    {%- set key = canonical_meta(table).get("key", []) -%}
    {%- set values = [] -%}
    {%- for column in canonical_columns(table) if column.name in key -%}
        {%- set text = in_case(filled("landed." ~ column.name), column.case) -%}
        {%- do values.append(typed(text, column.type)) -%}
    {%- endfor -%}
    {{ row_hash(values) }}
{%- endmacro %}
