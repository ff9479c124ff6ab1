-- One row per customer, with the columns of facts that this company has no table for as NULL.
create temp table facts as
with
    referrals as (
        select referrer_id as customer_id, count(*) as referral_count_365d
        from customers
        left join customer_orders using (customer_id)
        where
            referrer_id <> customers.customer_id
            and getvariable('as_of') - coalesce(created_at::date, first_order_date)
            between 0 and 364
        group by referrer_id
    ),
    everybody as (
        select customer_id
        from customer_orders
        union
        select customer_id
        from customers
        where
            coalesce(created_at::date, getvariable('as_of')) <= getvariable('as_of')
            or customer_id in (select customer_id from customer_refunds)
    ),
    amounts as (
        select
            orders.* exclude (customer_id),
            gaps.* exclude (customer_id),
            customers.* exclude (customer_id),
            everybody.customer_id,
            referral_count_365d,
            coalesce(orders.gross_amount, 0)::decimal(18, 4) as gross_total,
            (
                coalesce(credit_amount, 0) + coalesce(refund_amount, 0)
            )::decimal(18, 4) as refund_total,
            coalesce(orders.gross_amount_30d, 0)::decimal(18, 4) as gross_30d,
            (
                coalesce(credit_amount_30d, 0) + coalesce(refund_amount_30d, 0)
            )::decimal(18, 4) as refund_30d,
            coalesce(orders.gross_amount_90d, 0)::decimal(18, 4) as gross_90d,
            (
                coalesce(credit_amount_90d, 0) + coalesce(refund_amount_90d, 0)
            )::decimal(18, 4) as refund_90d,
            coalesce(orders.gross_amount_180d, 0)::decimal(18, 4) as gross_180d,
            (
                coalesce(credit_amount_180d, 0) + coalesce(refund_amount_180d, 0)
            )::decimal(18, 4) as refund_180d,
            coalesce(orders.gross_amount_365d, 0)::decimal(18, 4) as gross_365d,
            (
                coalesce(credit_amount_365d, 0) + coalesce(refund_amount_365d, 0)
            )::decimal(18, 4) as refund_365d,
            (
                coalesce(gross_amount_prior_180d, 0)
                - coalesce(credit_amount_prior_180d, 0)
                - coalesce(refund_amount_prior_180d, 0)
            )::decimal(18, 4) as net_prior_180d
        from everybody
        left join customers using (customer_id)
        left join customer_orders as orders using (customer_id)
        left join customer_gaps as gaps using (customer_id)
        left join customer_refunds as refunds using (customer_id)
        left join referrals using (customer_id)
    )
select
    customer_id,
    getvariable('as_of') as as_of_date,
    first_order_date,
    last_order_date,
    return_date,
    getvariable('as_of') - last_order_date as recency_days,
    getvariable('as_of') - first_order_date as tenure_days,
    coalesce(amounts.order_count, 0) as order_count,
    coalesce(amounts.order_count_30d, 0) as order_count_30d,
    coalesce(amounts.order_count_90d, 0) as order_count_90d,
    coalesce(amounts.order_count_180d, 0) as order_count_180d,
    coalesce(amounts.order_count_365d, 0) as order_count_365d,
    coalesce(order_day_count, 0) as order_day_count,
    coalesce(order_day_count_365d, 0) as order_day_count_365d,
    gross_total as gross_amount,
    gross_30d as gross_amount_30d,
    gross_90d as gross_amount_90d,
    gross_180d as gross_amount_180d,
    gross_365d as gross_amount_365d,
    refund_total as refund_amount,
    refund_30d as refund_amount_30d,
    refund_90d as refund_amount_90d,
    refund_180d as refund_amount_180d,
    refund_365d as refund_amount_365d,
    (gross_total - refund_total)::decimal(18, 4) as net_amount,
    (gross_30d - refund_30d)::decimal(18, 4) as net_amount_30d,
    (gross_90d - refund_90d)::decimal(18, 4) as net_amount_90d,
    (gross_180d - refund_180d)::decimal(18, 4) as net_amount_180d,
    (gross_365d - refund_365d)::decimal(18, 4) as net_amount_365d,
    coalesce(amounts.cost_amount_365d, 0)::decimal(18, 4) as cost_amount_365d,
    case
        when coalesce(uncosted_amount_365d, 0) * 5 <= gross_365d
        then (gross_365d - refund_365d - coalesce(amounts.cost_amount_365d, 0))::decimal(18, 4)
    end as margin_amount_365d,
    ratio(amounts.gross_amount, amounts.order_count) as average_order_amount,
    ratio(amounts.gross_amount_365d, amounts.order_count_365d) as average_order_amount_365d,
    mean_gap_days,
    median_gap_days,
    on_cycle_share,
    null::decimal(28, 8) as unit_count_365d,
    null::bigint as category_count_365d,
    case
        when amounts.order_count_365d >= 3
        then
            ratio(
                coalesce(discount_amount_365d, 0), gross_365d + coalesce(discount_amount_365d, 0)
            )
    end as discount_share_365d,
    case
        when amounts.order_count_365d >= 3
        then ratio(promo_order_count_365d, amounts.order_count_365d)
    end as promo_order_share_365d,
    net_prior_180d as net_amount_prior_180d,
    ratio(gross_180d - refund_180d - net_prior_180d, greatest(net_prior_180d, 0)) as trend_ratio_180d,
    null::bigint as contact_count_90d,
    null::bigint as browse_count_90d,
    null::bigint as reply_count_90d,
    null::bigint as last_contact_days,
    null::bigint as last_engaged_days,
    null::bigint as campaign_count_365d,
    null::bigint as coupon_count_365d,
    null::bigint as support_request_count_365d,
    null::bigint as open_opportunity_count,
    null::bigint as won_opportunity_count,
    null::date as last_quote_date,
    null::boolean as replied_after_quote,
    null::decimal(28, 8) as satisfaction_score,
    null::decimal(28, 8) as nps_score,
    null::decimal(28, 8) as product_score,
    null::decimal(28, 8) as service_score,
    null::decimal(28, 8) as process_score,
    null::bigint as complaint_count_365d,
    null::bigint as open_complaint_count,
    null::decimal(28, 8) as complaint_resolve_days_365d,
    null::bigint as service_feedback_count_365d,
    coalesce(amounts.referral_count_365d, 0) as referral_count_365d,
    year(getvariable('as_of')) - year(birth_date)
    - (strftime(getvariable('as_of'), '%m%d') < strftime(birth_date, '%m%d'))::bigint as age_years,
    null::varchar as segment_code,
    null::date as predicted_on,
    null::decimal(18, 4) as predicted_net_amount_365d,
    null::decimal(18, 4) as predicted_net_amount_365d_low,
    null::decimal(18, 4) as predicted_net_amount_365d_high,
    null::decimal(28, 8) as churn_probability,
    party_kind,
    null::varchar as channel_kind,
    null::varchar as organisation_kind,
    industry,
    country,
    region,
    null::varchar as city,
    gender,
    null::varchar as education,
    null::varchar as occupation,
    income_band,
    household_size,
    credit_score,
    null::varchar as products_owned,
    source_channel,
    referrer_id,
    null::varchar as owner_id,
    null::boolean as is_named_account,
    null::boolean as is_regional_account,
    null::boolean as is_via_partner,
    null::boolean as is_targeted,
    contract_amount,
    null::varchar as declared_intent,
    null::decimal(28, 8) as need_score,
    null::decimal(28, 8) as product_need_score,
    null::decimal(28, 8) as service_need_score,
    null::decimal(28, 8) as support_need_score,
    null::date as expected_buy_date,
    is_opted_out,
    created_at,
    updated_at,
    is_deleted
from amounts;
