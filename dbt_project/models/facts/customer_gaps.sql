{{ continued(replacing="touched_customers") }}
with
    windows as (select as_of_date, since_365d from {{ ref("windows") }}),
    order_events as (select * from {{ events_to_count() }}),
    purchase_days as (select distinct customer_id, order_date from order_events where is_purchase),
    gaps as (
        select
            customer_id,
            order_date,
            {{
                dbt.datediff(
                    "lag(order_date) over (partition by customer_id order by order_date)",
                    "order_date",
                    "day",
                )
            }} as gap_days
        from purchase_days
    ),
    placed_gaps as (
        select
            *,
            count(gap_days) over (partition by customer_id) as all_gaps,
            row_number() over (partition by customer_id order by gap_days nulls last) as place
        from gaps
    ),
    {#- of the gap in the middle, or the two: median() is slower, and holds every gap in memory #}
    marked_gaps as (
        select *, case when 2 * place between all_gaps and all_gaps + 2 then gap_days end as middle
        from placed_gaps
    ),
    cycles as (
        select
            gaps.customer_id,
            count(*) as order_day_count,
            count(*) filter (where gaps.order_date >= windows.since_365d) as order_day_count_365d,
            max(gaps.order_date) filter (where gaps.gap_days > 365) as return_date,
            count(gaps.gap_days) as gap_count,
            cast(sum(gaps.gap_days) as bigint) as gap_days_sum,
            cast(min(gaps.middle) + max(gaps.middle) as double) / 2 as median_gap
        from marked_gaps as gaps
        cross join windows
        group by gaps.customer_id
    ),
    cycle_shares as (
        select gaps.customer_id, count(*) as on_cycle_count
        from gaps
        inner join cycles on gaps.customer_id = cycles.customer_id
        where gaps.gap_days <= 2 * cycles.median_gap
        group by gaps.customer_id
    ),
    counted as (
        select
            cycles.customer_id,
            cycles.order_day_count,
            cycles.order_day_count_365d,
            cycles.return_date,
            {{ ratio("cycles.gap_days_sum", "cycles.gap_count") }} as mean_gap_days,
            cast(cast(cycles.median_gap as decimal(38, 12)) as decimal(28, 8)) as median_gap_days,
            {{ ratio("cycle_shares.on_cycle_count", "cycles.gap_count") }} as on_cycle_share,
            {#- for the build that continues #}
            windows.as_of_date as _counted_for
        from cycles
        cross join windows
        left join cycle_shares on cycles.customer_id = cycle_shares.customer_id
    )
    {%- if is_incremental() %}
        ,
        leaving as (
            select
                customer_id, windows.as_of_date, count(distinct order_date) as order_day_count_365d
            from {{ ref("changing_orders") }}
            cross join windows
            where is_purchase and leaves_365d
            group by customer_id, windows.as_of_date
        ),
        left_over as (
            select
                stood.customer_id,
                stood.order_day_count,
                {{ what_is_left("order_day_count", "365d") }},
                stood.return_date,
                stood.mean_gap_days,
                stood.median_gap_days,
                stood.on_cycle_share,
                windows.as_of_date as _counted_for
            from {{ who_is_not_counted_anew() }}
        )
    {%- endif %}
select *
from counted
{%- if is_incremental() %}
    union all
    select *
    from left_over
{%- endif %}
