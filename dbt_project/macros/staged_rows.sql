{#-
    The rows of a table that stand. `ids` are its columns that name customers: one who was merged into
    another goes by the id of that one. Nobody is while customer_merges is empty, and the joins are free.
    `amounts` are those that are put into base currency.
-#}
{% macro staged_rows(table, ids=[], amounts=[]) -%}
    select
        {%- for name in canonical_names(table) %}
            {% if name in ids -%}
                coalesce({{ name }}_merge.surviving_customer_id, landed.{{ name }})
            {%- elif name in amounts -%} {{ in_base_currency("landed." ~ name, "landed._rate") }}
            {%- else -%} landed.{{ name }}
            {%- endif %} as {{ name }} {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref("landed_" ~ table) }} as landed
    {%- for id in ids %}
        left join
            {{ ref("customer_merges") }} as {{ id }}_merge
            on landed.{{ id }} = {{ id }}_merge.customer_id
    {%- endfor %}
    where landed._fate = 'staged'
{%- endmacro %}

{#-
    The same for a table whose key holds the customer. Merging may give several rows one key: then that
    of the customer who remains stands, else that of the smallest id.
-#}
{% macro staged_rows_of_customers(table) -%}
    {%- set names = canonical_names(table) | join(", ") %}
    {%- set key = canonical_meta(table).get("key", []) | join(", ") %}
    with
        landed as (select * from {{ ref("landed_" ~ table) }} where _fate = 'staged'),
        customer_merges as (
            select customer_id as given_id, surviving_customer_id from {{ ref("customer_merges") }}
        ),
        own as (
            select {{ names }}
            from landed
            where customer_id not in (select given_id from customer_merges)
        ),
        taken_keys as (
            select {{ key }}
            from own
            where customer_id in (select surviving_customer_id from customer_merges)
        ),
        renamed as (
            select
                {%- for name in canonical_names(table) if name != "customer_id" %}
                    landed.{{ name }},
                {%- endfor %}
                customer_merges.given_id,
                customer_merges.surviving_customer_id as customer_id
            from landed
            inner join customer_merges on landed.customer_id = customer_merges.given_id
        ),
        ranked as (
            select
                renamed.*,
                row_number() over (partition by {{ key }} order by given_id nulls last) as place
            from renamed
            anti join taken_keys using ({{ key }})
        )
    select {{ names }}
    from own
    union all
    select {{ names }}
    from ranked
    where place = 1
{%- endmacro %}
