{{ continued(replacing="everything") }}
{#- days before D on which a window begins, or the one before it has ended; -1: the day after D #}
{%- set edges = [-1, 29, 89, 179, 359, 364] %}
{%- set events = {
    "orders": ["order_date"],
    "interactions": ["occurred_date"],
    "opportunities": ["created_at", "quoted_at", "closed_at"],
    "feedback": ["occurred_date", "resolved_date"],
    "refunds": ["refund_date"],
} %}
with
    run as (select * from {{ source("landing", "run_parameters") }}),
    orders as (select * from {{ ref("orders") }}),
    customer_merges as (
        select customer_id as given_id, surviving_customer_id as customer_id
        from {{ ref("customer_merges") }}
    ),
    {#- all versions of a key are decided together, so whom an order has left is among them #}
    decided as (
        {%- for table in events %}
            select landed.customer_id, {{ table == "orders" }} as orders_changed
            from {{ ref("landed_" ~ table) }} as landed
            inner join run on landed._run_id = run.run_id
            union all
        {%- endfor %}
        select orders.customer_id, false as orders_changed
        from orders
        inner join {{ ref("landed_refunds") }} as landed on orders.order_id = landed.order_id
        inner join run on landed._run_id = run.run_id
        union all
        select orders.customer_id, false as orders_changed
        from orders
        inner join {{ ref("landed_order_lines") }} as landed on orders.order_id = landed.order_id
        inner join run on landed._run_id = run.run_id
    ),
    {#- between the two days each edge has moved over some dates #}
    moved as (
        select
            as_of_date < continues_from as is_backwards,
            {%- for edge in edges %}
                cast(
                    least(as_of_date, continues_from) + interval '{{ -edge }}' day as date
                ) as from_{{ loop.index }},
                cast(
                    greatest(as_of_date, continues_from) + interval '{{ -edge }}' day as date
                ) as until_{{ loop.index }}
                {{- "," if not loop.last }}
            {%- endfor %}
        from run
    ),
    passed as (
        {%- for table, dates in events.items() %}
            {%- for date in dates %}
                select
                    {%- if table == "refunds" %} coalesce(events.customer_id, orders.customer_id)
                    {%- else %} events.customer_id
                    {%- endif %} as customer_id,
                    {#- an order that comes or comes back, not one that leaves a window #}
                    {%- if table == "orders" %}
                        moved.is_backwards
                        or (events.{{ date }} >= moved.from_1 and events.{{ date }} < moved.until_1)
                    {%- else %} false
                    {%- endif %} as orders_changed
                from {{ ref(table) }} as events
                cross join moved
                {%- if table == "refunds" %}
                    left join orders on events.order_id = orders.order_id
                {%- endif %}
                where
                    {%- for _ in edges %}
                        (
                            cast(events.{{ date }} as date) >= moved.from_{{ loop.index }}
                            and cast(events.{{ date }} as date) < moved.until_{{ loop.index }}
                        ) {{ "or" if not loop.last }}
                    {%- endfor %}
                    {{ "union all" if not loop.last }}
                {%- endfor %} {{ "union all" if not loop.last }}
        {%- endfor %}
    ),
    touched as (
        select *
        from decided
        union all
        select *
        from passed
    )
select
    coalesce(customer_merges.customer_id, touched.customer_id) as customer_id,
    bool_or(touched.orders_changed) as orders_are_counted_anew
from touched
left join customer_merges on touched.customer_id = customer_merges.given_id
where touched.customer_id is not null {{ "and false" if not is_incremental() }}
group by coalesce(customer_merges.customer_id, touched.customer_id)
