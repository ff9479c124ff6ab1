{{ continued(replacing="touched_customers") }}
with
    windows as (select as_of_date from {{ ref("windows") }}),
    opportunities as (select * from {{ ref("opportunities") }} {{ of_touched_customers() }}),
    judged as (
        select
            opportunities.customer_id,
            windows.as_of_date,
            opportunities.quoted_at,
            opportunities.closed_at,
            opportunities.stage,
            coalesce(opportunities.is_won, opportunities.stage = 'won') as is_won
        from opportunities
        cross join windows
        where cast(opportunities.created_at as date) <= windows.as_of_date
    ),
    placed as (
        select
            judged.*,
            case
                when closed_at is null
                then is_won or stage = 'lost'
                else cast(closed_at as date) <= as_of_date
            end as is_closed
        from judged
    )
select
    customer_id,
    count(*) filter (where not is_closed) as open_opportunity_count,
    count(*) filter (where is_closed and is_won) as won_opportunity_count,
    max(quoted_at) filter (where cast(quoted_at as date) <= as_of_date) as last_quote_at
from placed
group by customer_id
