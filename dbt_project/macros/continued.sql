{#-
    A table that the last build left and that this one continues: what came, or whom it concerns, is
    computed anew and takes the place of what stood. The run drops the tables that may not be continued
    (orchestration/inputs/continuing.py), so a first build is a whole one, and both have the same rows.

    `replacing` is what is taken out first: `rows_by_key` those with a key hash of the new rows,
    `touched_customers` those of everybody in that model, `everything` all.
-#}
{% macro continued(replacing) -%}
    {{
        config(
            materialized="incremental" if target.type == "duckdb" else "table",
            incremental_strategy=replacing,
        )
    }}
{%- endmacro %}

{% macro get_incremental_rows_by_key_sql(arguments) %}
    {% do return(
        replaced_rows(
            arguments,
            "where _key_hash in (select _key_hash from " ~ arguments.temp_relation ~ ")",
        )
    ) %}
{% endmacro %}

{% macro get_incremental_touched_customers_sql(arguments) %}
    {% do return(replaced_rows(arguments, whose_customer_is_touched())) %}
{% endmacro %}

{% macro get_incremental_everything_sql(arguments) %}
    {% do return(replaced_rows(arguments, "")) %}
{% endmacro %}

{% macro replaced_rows(arguments, which) %}
    {% set columns = arguments.dest_columns | map(attribute="quoted") | join(", ") %}
    {% set table, made = arguments.target_relation, arguments.temp_relation %}
    {% set deletion = "delete from " ~ table ~ " " ~ which %}
    {% set insertion = (
        "insert into " ~ table ~ " (" ~ columns ~ ") select " ~ columns ~ " from " ~ made
    ) %}
    {% do return(deletion ~ "; " ~ insertion) %}
{% endmacro %}

{#- In a build that continues, what keeps to those whose facts may differ from what the last one left. -#}
{% macro of_touched_customers() -%}
    {#- named in a whole build too: while it parses, dbt learns what a model reads #}
    {%- set condition = whose_customer_is_touched() -%} {{ condition if is_incremental() }}
{%- endmacro %}

{% macro whose_customer_is_touched() -%}
    where customer_id in (select customer_id from {{ ref("touched_customers") }})
{%- endmacro %}

{#- The orders that are counted: all, or those of whose orders are counted anew. Others lose what has left
    a window. -#}
{% macro events_to_count() -%}
    {%- set all, changing = ref("order_events"), ref("changing_orders") -%}
    {%- set customers = ref("touched_customers") -%}
    {%- if is_incremental() -%}
        {{ changing }}
        where customer_id in (select customer_id from {{ customers }} where orders_are_counted_anew)
    {%- else -%} {{ all }}
    {%- endif -%}
{%- endmacro %}

{#-
    Whose orders are not counted anew: what `stood`, and beside it what is `leaving` each window. From who was
    counted for this day already, by a build that is repeated, nothing leaves once more.
-#}
{% macro who_is_not_counted_anew() -%}
    {{ this }} as stood
    inner join
        {{ ref("touched_customers") }} as touched
        on stood.customer_id = touched.customer_id
        and not touched.orders_are_counted_anew
    cross join windows
    left join
        leaving
        on stood.customer_id = leaving.customer_id
        and stood._counted_for <> leaving.as_of_date
{%- endmacro %}

{% macro what_is_left(name, window, entering="0") -%}
    {%- set column = name ~ "_" ~ window %}
    cast(
        stood.{{ column }}
        + {{ entering }}
        - coalesce(
            leaving.{{ column }}, 0
        ) as {{ "bigint" if name.endswith("_count") else "decimal(18, 4)" }}
    ) as {{ column }}
{%- endmacro %}
