{#- Every word that an engine spells in its own way stands here and nowhere else. -#}
{% macro full_match(text, pattern) -%}
    {{ adapter.dispatch("full_match")(text, pattern) }}
{%- endmacro %}

{% macro duckdb__full_match(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro %}

{#- Not up to `$`, after which a line break may stand. -#}
{% macro spark__full_match(text, pattern) -%}
    regexp_like({{ text }}, '^(?:{{ pattern }})\\z')
{%- endmacro %}

{#- White space, as Unicode defines it. -#}
{% macro white_space() -%}
    {%- set ascii_space = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0" -%}
    {%- set wide_space = (
        "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    ) -%}
    {%- set other_space = "\u2028\u2029\u202f\u205f\u3000" -%}
    {%- do return(ascii_space ~ wide_space ~ other_space) -%}
{%- endmacro %}

{#- The text without white space, as Unicode defines it, at its ends. The engine's trim with a set of
    characters is slow; a text whose ends are printable ASCII, nearly every one, goes past it. -#}
{% macro stripped(text) -%} {{ adapter.dispatch("stripped")(text) }} {%- endmacro %}

{% macro duckdb__stripped(text) -%}
    case
        when {{ text }} between '!' and '~' and {{ text }} [-1] between '!' and '~'
        then {{ text }}
        else trim({{ text }}, '{{ white_space() }}')
    end
{%- endmacro %}

{% macro spark__stripped(text) -%} trim(both '{{ white_space() }}' from {{ text }}) {%- endmacro %}

{#- A text in the letters that its column is compared in, upper or lower: each letter by itself, to one. -#}
{% macro in_case(text, case) -%}
    {{ adapter.dispatch("in_case")(text, case) if case else text }}
{%- endmacro %}

{% macro duckdb__in_case(text, case) -%} {{ case }} ({{ text }}) {%- endmacro %}

{#- Spark knows that some letters become two, and that a last sigma is another one. -#}
{% macro spark__in_case(text, case) -%}
    {%- if case == "lower" -%} lower(translate({{ text }}, 'İΣ', 'iσ'))
    {%- else -%}
        array_join(
            transform(
                split(translate({{ text }}, 'ß', 'ẞ'), ''),
                letter -> case when length(upper(letter)) = 1 then upper(letter) else letter end
            ),
            ''
        )
    {%- endif -%}
{%- endmacro %}

{#- A moment that carries an offset, as the naive moment that a clock of the zone shows then. -#}
{% macro moment_at_zone(text, zone) -%}
    {{ adapter.dispatch("moment_at_zone")(text, zone) }}
{%- endmacro %}

{% macro duckdb__moment_at_zone(text, zone) -%}
    timezone({{ zone }}, try_cast({{ text }} as timestamptz))
{%- endmacro %}

{#- The clock and the offset by themselves: Spark casts neither minutes without seconds nor every offset. -#}
{% macro spark__moment_at_zone(text, zone) -%}
    {%- set clock = (
        "try_cast(regexp_extract("
        ~ text
        ~ ", '^(.*)(Z|[+-][0-9:]+)$', 1) as timestamp)"
    ) -%}
    {%- set offset = "regexp_extract(" ~ text ~ ", '(Z|[+-][0-9:]+)$', 1)" -%}
    {%- set digits = "rpad(regexp_replace(" ~ offset ~ ", '[^0-9]', ''), 4, '0')" -%}
    convert_timezone(
        'UTC',
        {{ zone }},
        timestampadd(
            minute,
            case when {{ offset }} like '-%' then 1 else -1 end * (
                60 * try_cast(substr({{ digits }}, 1, 2) as int)
                + try_cast(substr({{ digits }}, 3, 2) as int)
            ),
            {{ clock }}
        )
    )
{%- endmacro %}

{#- The date so many days later. What dbt has for it on Spark gives NULL for timestamps without a zone. -#}
{% macro days_later(day, days) -%} {{ adapter.dispatch("days_later")(day, days) }} {%- endmacro %}

{% macro duckdb__days_later(day, days) -%}
    cast({{ day }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{% macro spark__days_later(day, days) -%}
    date_add({{ day }}, cast({{ days }} as int))
{%- endmacro %}

{#- One number for the values of a row: equal rows have equal numbers. -#}
{% macro row_hash(columns) -%} {{ adapter.dispatch("row_hash")(columns) }} {%- endmacro %}

{% macro duckdb__row_hash(columns) -%} hash({{ columns | join(", ") }}) {%- endmacro %}

{#- Its hash passes over NULL, which is a value here. -#}
{% macro spark__row_hash(columns) -%}
    xxhash64(
        {%- for column in columns %}
            {{ column }}, isnull({{ column }}) {{- "," if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

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

{% macro spark__number_text(number) -%}
    case when {{ number }} < 0 then '-' else '' end
    || format_number(floor(abs(cast({{ number }} as decimal(28, 8)))), 0)
    || regexp_replace(
        cast(cast({{ number }} as decimal(28, 8)) as string),
        '^.*([.]0{8}|([.][0-9]{2}[0-9]*?)0*)$',
        '$2'
    )
{%- endmacro %}

{#- Spark computes a view anew for each reader, and plans all that stands below it: there, every model is a
    table. -#}
{% materialization view, adapter = "spark" %}
    {{ return(materialization_table_spark()) }}
{% endmaterialization %}

{#- The rows of a relation once under each heading, `where` it is meant for them; grouped by the last key of
    the headings, or not. A heading is its own columns, as SQL; `wanted` is a query of the first of them, for
    those that are asked for at all. -#}
{% macro under_headings(relation, headings, columns, grouped=false, wanted=none) -%}
    {{ adapter.dispatch("under_headings")(relation, headings, columns, grouped, wanted) }}
{%- endmacro %}

{% macro duckdb__under_headings(relation, headings, columns, grouped, wanted) %}
    {%- for heading in headings %}
        {%- set names = heading | reject("equalto", "where") | list %}
        select
            {%- for name in names %} {{ heading[name] }} as {{ name }}, {%- endfor %} {{ columns }}
        from {{ relation }}
        where
            ({{ heading.where }})
            {%- if wanted %} and {{ heading[names | first] }} in ({{ wanted }}) {%- endif %}
        {%- if grouped %}
            group by {{ heading[names | last] }} {%- endif %} {{ "union all" if not loop.last }}
    {%- endfor %}
{% endmacro %}

{#- Spark plans and reads each branch of a union by itself. So it reads once, and unfolds every row. -#}
{% macro spark__under_headings(relation, headings, columns, grouped, wanted) %}
    {%- set names = headings[0] | reject("equalto", "where") | list %}
    select {{ names | join(", ") }}, {{ columns }}
    from
        (
            select
                *,
                stack(
                    {{ headings | length }}
                    {%- for heading in headings %}
                        {%- for name in names %}, {{ heading[name] }} {%- endfor %},
                        ({{ heading.where }})
                    {%- endfor %}
                ) as ({{ names | join(", ") }}, is_meant)
            from {{ relation }}
        )
    where is_meant {%- if wanted %} and {{ names | first }} in ({{ wanted }}) {%- endif %}
    {%- if grouped %} group by {{ names | join(", ") }} {%- endif %}
{% endmacro %}

{#- What each customer was merged into, step by step, from `merges`; the CTE `reached`, which is recursive.
    A set, or a path: what goes round in a circle adds nothing the second time. -#}
{% macro reached_ids() -%} {{ adapter.dispatch("reached_ids")() }} {%- endmacro %}

{% macro duckdb__reached_ids() %}
    select customer_id, into_customer_id as reached_id
    from merges
    union
    select reached.customer_id, merges.into_customer_id as reached_id
    from reached
    inner join merges on reached.reached_id = merges.customer_id
{% endmacro %}

{% macro spark__reached_ids() %}
    select customer_id, into_customer_id as reached_id, array(into_customer_id) as path
    from merges
    union all
    select
        reached.customer_id,
        merges.into_customer_id as reached_id,
        array_append(reached.path, merges.into_customer_id) as path
    from reached
    inner join merges on reached.reached_id = merges.customer_id
    where not array_contains(reached.path, merges.into_customer_id)
{% endmacro %}

{#- A double as a decimal of twelve digits, rounded half up. Whole and broken part go by themselves: each is
    exact, while a great double times 1e12 is not, and 73,786,978 would be 73,786,977.99999999. -#}
{% macro double_as_decimal(value) -%}
    {{ adapter.dispatch("double_as_decimal")("(" ~ value ~ ")") }}
{%- endmacro %}

{% macro duckdb__double_as_decimal(value) -%}
    try_cast(trunc({{ value }}) as decimal(25, 0)) + cast({{ value }} % 1 as decimal(13, 12))
{%- endmacro %}

{#- Spark takes the shortest text that means the double, and loses its last bits. So the whole part is taken
    apart, at 2 to the 53rd, into two that a bigint holds. -#}
{% macro spark__double_as_decimal(value) -%}
    transform(
        array({{ value }}),
        quotient -> case
            when abs(quotient) < 1e20d
            then
                cast(
                    cast(cast(quotient / 9007199254740992d as bigint) as decimal(18, 0))
                    * 9007199254740992
                    + cast(
                        quotient
                        - cast(quotient / 9007199254740992d as bigint) * 9007199254740992d as bigint
                    ) as decimal(20, 0)
                )
                + cast(quotient % 1d as decimal(13, 12))
        end
    )[0]
{%- endmacro %}

{#- Spark's own puts the values between quotes as they are. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {% set types = model.config.column_types %}
    {% for chunk in agate_table.rows | batch(1000) %}
        {% set sql %}
            insert into {{ this }} values
            {%- for row in chunk %}
                (
                    {%- for value in row %}
                        {%- set type = types[agate_table.column_names[loop.index0]] -%}
                        cast({{ text_literal(value | string) if value is not none else "null" }} as {{ type }})
                        {{- "," if not loop.last }}
                    {%- endfor -%}
                ){{ "," if not loop.last }}
            {%- endfor %}
        {% endset %}
        {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {% endfor %}
    {% do return("") %}
{% endmacro %}

{#- SQL that a person wrote, or that quotes one: some engines take a backslash between quotes for an escape. -#}
{% macro as_written(sql) -%}
    {%- do return(adapter.dispatch("as_written")(sql) if "\\" in sql else sql) -%}
{%- endmacro %}

{% macro duckdb__as_written(sql) -%} {%- do return(sql) -%} {%- endmacro %}

{% macro spark__as_written(sql) -%} {%- do return(sql.replace("\\", "\\\\")) -%} {%- endmacro %}
