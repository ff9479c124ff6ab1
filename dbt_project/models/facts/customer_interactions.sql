{{ continued(replacing="touched_customers") }}
with
    windows as (select * from {{ ref("windows") }}),
    interactions as (select * from {{ ref("interactions") }} {{ of_touched_customers() }}),
    placed as (
        select
            interactions.*,
            kind in ('call', 'visit', 'email', 'campaign') as is_contact,
            coalesce(direction = 'in', false)
            or kind in ('browse', 'reply', 'coupon') as is_engaged,
            occurred_date >= windows.since_90d as is_in_90d,
            occurred_date >= windows.since_365d as is_in_365d
        from interactions
        cross join windows
        where occurred_date <= windows.as_of_date
    )
select
    customer_id,
    count(*) filter (where is_contact and is_in_90d) as contact_count_90d,
    count(*) filter (where kind = 'browse' and is_in_90d) as browse_count_90d,
    count(*) filter (where kind = 'reply' and is_in_90d) as reply_count_90d,
    max(occurred_date) filter (where is_contact) as last_contact_date,
    max(occurred_date) filter (where is_engaged) as last_engaged_date,
    count(*) filter (where kind = 'campaign' and is_in_365d) as campaign_count_365d,
    count(*) filter (where kind = 'coupon' and is_in_365d) as coupon_count_365d,
    count(*) filter (where kind = 'support' and is_in_365d) as support_request_count_365d,
    max(occurred_at) filter (where kind = 'quote') as last_quote_at,
    max(occurred_at) filter (where kind = 'reply') as last_reply_at
from placed
group by customer_id
