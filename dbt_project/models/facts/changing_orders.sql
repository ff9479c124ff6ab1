{{ continued(replacing="everything") }}
{%- set windows = ["30d", "90d", "180d", "365d", "prior_180d"] %}
with
    windows as (select * from {{ ref("windows") }}),
    touched_customers as (select * from {{ ref("touched_customers") }}),
    order_events as (select * from {{ ref("order_events") }}),
    placed as (
        select
            order_events.*,
            {%- for window in windows %}
                order_events.order_date >= windows.last_since_{{ window }}
                and order_events.order_date
                < windows.since_{{ window }} as leaves_{{ window }} {{- "," if not loop.last }}
            {%- endfor %}
        from order_events
        cross join windows
    )
select *
from placed
where
    (
        leaves_{{ windows | join(" or leaves_") }}
        {#- no join in its place: the engine would hash all orders to look for few customers #}
        or customer_id in (select customer_id from touched_customers where orders_are_counted_anew)
    )
    {{ "and false" if not is_incremental() }}
