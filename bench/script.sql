-- The yardstick: what somebody who knows DuckDB would write by hand for this one company. It reads
-- the landing and writes customer_facts and customer_classes of the first day, and nothing else: no
-- reasons, ledger, history, audits or release.
-- Variables: as_of (a date), target (a folder), and for each table the glob of its landed files.
set timezone = 'Asia/Shanghai';

create macro ratio(numerator, denominator) as cast(
    round((numerator::double / nullif(denominator::double, 0))::decimal(38, 12), 8) as decimal(28, 8)
);
create macro filled(field) as nullif(trim(field), '');
-- A text of 19 characters has no offset.
create macro moment(field) as case
    when length(field) = 19 then try_cast(field as timestamp)
    else try_cast(field as timestamptz)::timestamp
end;
create macro money(field) as try_cast(field as decimal(18, 4));
create macro is_cast(typed, field) as typed is not null or coalesce(trim(field), '') = '';
-- A load lies in a folder named <sequence>-<entry>-<hash>.
create macro sequence_of(filename) as parse_path(filename)[-2][:6]::int;
create macro entry_of(filename) as parse_path(filename)[-2][8:-10];


-- Orders: typed, and unfit rows left out.
create temp view landed_orders as
from read_parquet(getvariable('orders'), filename = true);

create macro sound_orders(landed) as table
select
    order_id,
    hash(order_id) as key,
    filled(customer_id) as customer_id,
    moment(ordered_at) as ordered_at,
    money(amount) as amount,
    coalesce(lower(filled(status)), 'completed') as status,
    nullif(upper(filled(currency)), 'CNY') as currency,
    money(discount_amount) as discount_amount,
    money(cost_amount) as cost_amount,
    promo_code,
    moment(updated_at) as updated_at,
    coalesce(try_cast(is_deleted as boolean), false) as is_deleted,
    filename,
    _row
from query_table(landed)
where
    trim(order_id) <> ''
    and trim(customer_id) <> ''
    and moment(ordered_at) is not null
    and money(amount) is not null
    and is_cast(money(discount_amount), discount_amount)
    and is_cast(money(cost_amount), cost_amount)
    and is_cast(moment(updated_at), updated_at)
    and is_cast(try_cast(is_deleted as boolean), is_deleted);

-- Few keys stand on several rows; only those are compared with each other.
create temp table repeated_orders as
select hash(order_id) as key
from landed_orders
group by key
having count(*) > 1;

create temp table repeated_rows as
from landed_orders
where hash(order_id) in (from repeated_orders);

create temp table chosen_orders as
with
    versions as (
        select
            *,
            sequence_of(filename) as sequence,
            hash(customer_id, ordered_at, amount, status, currency, discount_amount, cost_amount,
                promo_code, is_deleted) as content
        from sound_orders('repeated_rows')
    ),
    ranked as (
        select
            *,
            rank() over newest as place,
            min(content) over same <> max(content) over same as is_torn,
            min(entry_of(filename)) over key <> max(entry_of(filename)) over key as is_shared
        from versions
        window
            key as (partition by order_id),
            newest as (partition by order_id order by updated_at desc nulls last, sequence desc),
            same as (partition by order_id, updated_at, sequence)
    )
select *
from ranked
where not is_torn and not is_shared
qualify row_number() over (partition by order_id order by place, _row) = 1;

create macro in_base(amount, currency, rate) as case
    when currency is null then amount
    else try_cast(amount::decimal(20, 4) * rate as decimal(18, 4))
end;

create temp table events as
with
    rates as (
        select
            upper(trim(currency)) as currency,
            try_cast(rate_date as date) as rate_date,
            try_cast(rate_to_base as decimal(18, 8)) as rate
        from read_parquet(getvariable('exchange_rates'))
        where trim(currency) <> '' and rate > 0
    ),
    orders as (
        select * exclude (filename, _row)
        from sound_orders('landed_orders')
        where key not in (from repeated_orders)
        union all
        select * exclude (filename, _row, sequence, content, place, is_torn, is_shared)
        from chosen_orders
    )
select
    order_id,
    customer_id,
    ordered_at::date as order_date,
    status not in ('cancelled', 'test') as is_counted,
    in_base(amount, orders.currency, rate) as amount,
    in_base(discount_amount, orders.currency, rate) as discount_amount,
    in_base(cost_amount, orders.currency, rate) as cost_amount,
    filled(promo_code) is not null as has_promotion
from orders
left join rates on orders.currency = rates.currency and orders.ordered_at::date = rates.rate_date
where not is_deleted and in_base(amount, orders.currency, rate) is not null;

create temp table customer_orders as
with
    placed as (
        select
            customer_id,
            order_date,
            is_counted and amount > 0 as is_purchase,
            if(is_counted and amount > 0, amount, null) as gross,
            if(is_counted and amount < 0, -amount, null) as credit,
            discount_amount,
            cost_amount,
            has_promotion,
            getvariable('as_of') - order_date as age
        from events
        where order_date <= getvariable('as_of')
    )
select
    customer_id,
    min(order_date) filter (is_purchase) as first_order_date,
    max(order_date) filter (is_purchase) as last_order_date,
    count(gross) as order_count,
    count(gross) filter (age < 30) as order_count_30d,
    count(gross) filter (age < 90) as order_count_90d,
    count(gross) filter (age < 180) as order_count_180d,
    count(gross) filter (age < 365) as order_count_365d,
    sum(gross) as gross_amount,
    sum(gross) filter (age < 30) as gross_amount_30d,
    sum(gross) filter (age < 90) as gross_amount_90d,
    sum(gross) filter (age < 180) as gross_amount_180d,
    sum(gross) filter (age < 365) as gross_amount_365d,
    sum(gross) filter (age between 180 and 359) as gross_amount_prior_180d,
    sum(credit) as credit_amount,
    sum(credit) filter (age < 30) as credit_amount_30d,
    sum(credit) filter (age < 90) as credit_amount_90d,
    sum(credit) filter (age < 180) as credit_amount_180d,
    sum(credit) filter (age < 365) as credit_amount_365d,
    sum(credit) filter (age between 180 and 359) as credit_amount_prior_180d,
    sum(cost_amount) filter (is_purchase and age < 365) as cost_amount_365d,
    sum(gross) filter (cost_amount is null and age < 365) as uncosted_amount_365d,
    sum(discount_amount) filter (is_purchase and age < 365) as discount_amount_365d,
    count(*) filter (is_purchase and has_promotion and age < 365) as promo_order_count_365d
from placed
group by customer_id;

create temp table customer_gaps as
with
    days as (
        select distinct customer_id, order_date
        from events
        where is_counted and amount > 0 and order_date <= getvariable('as_of')
    ),
    gaps as (
        select
            customer_id,
            order_date,
            order_date - lag(order_date) over (partition by customer_id order by order_date) as gap
        from days
    ),
    cycles as (
        select
            customer_id,
            count(*) as order_day_count,
            count(*) filter (getvariable('as_of') - order_date < 365) as order_day_count_365d,
            max(order_date) filter (gap > 365) as return_date,
            sum(gap) as gap_sum,
            median(gap) as median_gap,
            list(gap) filter (gap is not null) as gaps
        from gaps
        group by customer_id
    )
select
    * exclude (gap_sum, median_gap, gaps),
    ratio(gap_sum, len(gaps)) as mean_gap_days,
    median_gap::decimal(38, 12)::decimal(28, 8) as median_gap_days,
    ratio(
        nullif(len(list_filter(gaps, lambda gap: gap <= 2 * median_gap)), 0), len(gaps)
    ) as on_cycle_share
from cycles;

-- There is one load of refunds: rows with one key repeat or contradict each other.
create temp table customer_refunds as
with
    typed as (
        select
            filled(refund_id) as refund_id,
            filled(order_id) as order_id,
            filled(customer_id) as customer_id,
            moment(refunded_at) as refunded_at,
            money(amount) as amount
        from read_parquet(getvariable('refunds'))
    ),
    refunds as (
        select
            any_value(order_id) as order_id,
            any_value(customer_id) as customer_id,
            any_value(refunded_at)::date as refund_date,
            any_value(amount) as amount
        from typed
        where
            coalesce(order_id, customer_id) is not null
            and refund_id is not null
            and refunded_at is not null
            and amount >= 0
        group by refund_id
        having
            min(hash(order_id, customer_id, refunded_at, amount))
            = max(hash(order_id, customer_id, refunded_at, amount))
    ),
    attributed as (
        select customer_id, amount, getvariable('as_of') - refund_date as age
        from refunds
        where customer_id is not null
        union all
        select events.customer_id, refunds.amount, getvariable('as_of') - refund_date as age
        from refunds
        join events on refunds.order_id = events.order_id
        where refunds.customer_id is null
    )
select
    customer_id,
    sum(amount) as refund_amount,
    sum(amount) filter (age < 30) as refund_amount_30d,
    sum(amount) filter (age < 90) as refund_amount_90d,
    sum(amount) filter (age < 180) as refund_amount_180d,
    sum(amount) filter (age < 365) as refund_amount_365d,
    sum(amount) filter (age between 180 and 359) as refund_amount_prior_180d
from attributed
where age >= 0
group by customer_id;

create temp table customers as
with
    typed as (
        select
            filled(customer_id) as customer_id,
            lower(filled(party_kind)) as party_kind,
            filled(industry) as industry,
            filled(country) as country,
            filled(region) as region,
            try_cast(birth_date as date) as birth_date,
            filled(gender) as gender,
            filled(income_band) as income_band,
            try_cast(household_size as bigint) as household_size,
            try_cast(credit_score as decimal(28, 8)) as credit_score,
            filled(source_channel) as source_channel,
            filled(referrer_id) as referrer_id,
            money(contract_amount) as contract_amount,
            try_cast(is_opted_out as boolean) as is_opted_out,
            moment(created_at) as created_at,
            moment(updated_at) as updated_at,
            try_cast(is_deleted as boolean) as is_deleted
        from read_parquet(getvariable('customers'))
        where
            trim(customer_id) <> ''
            and coalesce(lower(filled(party_kind)), 'consumer')
            in ('consumer', 'business', 'channel', 'internal')
            and is_cast(try_cast(birth_date as date), birth_date)
            and is_cast(try_cast(household_size as bigint), household_size)
            and coalesce(household_size, '') not like '%.%'
            and is_cast(try_cast(credit_score as decimal(28, 8)), credit_score)
            and is_cast(money(contract_amount), contract_amount)
            and is_cast(try_cast(is_opted_out as boolean), is_opted_out)
            and is_cast(moment(created_at), created_at)
            and is_cast(moment(updated_at), updated_at)
            and is_cast(try_cast(is_deleted as boolean), is_deleted)
    ),
    repeated as (select customer_id from typed group by customer_id having count(*) > 1),
    ranked as (
        select
            *,
            min(hash(typed)) over same_version <> max(hash(typed)) over same_version as is_torn
        from typed
        where customer_id in (from repeated)
        window same_version as (partition by customer_id, updated_at)
    ),
    newest as (
        select * exclude (is_torn)
        from ranked
        where not is_torn
        qualify row_number() over (partition by customer_id order by updated_at desc) = 1
    ),
    chosen as (
        from typed where customer_id not in (from repeated)
        union all
        from newest
    )
from chosen
where not coalesce(is_deleted, false);

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
    ratio(gross_180d - refund_180d - net_prior_180d, net_prior_180d) as trend_ratio_180d,
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
    null::decimal(18, 4) as predicted_net_amount_365d,
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

create temp table cuts as
with
    buyers as (
        select recency_days, order_count_365d, net_amount_365d
        from facts
        where order_count_365d > 0
    ),
    counted as (
        select 'r' as metric, (-recency_days)::decimal(28, 8) as value, count(*) as customers
        from buyers
        group by value
        union all
        select 'f' as metric, order_count_365d::decimal(28, 8) as value, count(*) as customers
        from buyers
        group by value
        union all
        select 'm' as metric, net_amount_365d::decimal(28, 8) as value, count(*) as customers
        from buyers
        group by value
    ),
    ranked as (
        select
            *,
            sum(customers) over (partition by metric order by value) - customers as below,
            sum(customers) over (partition by metric) as everyone
        from counted
    )
select
    metric,
    max(everyone) as everyone,
    min(value) filter (5 * below >= everyone - 1) as part_2,
    min(value) filter (5 * below >= 2 * (everyone - 1)) as part_3,
    min(value) filter (5 * below >= 3 * (everyone - 1)) as part_4,
    min(value) filter (5 * below >= 4 * (everyone - 1)) as part_5,
    min(value) filter (10 * below >= 8 * (everyone - 1)) as p80,
    min(value) filter (10 * below >= 9 * (everyone - 1)) as p90,
    min(value) filter (100 * (everyone - below - customers) < everyone) as top_1,
    min(value) filter (100 * (everyone - below - customers) < 5 * everyone) as top_5,
    min(value) filter (100 * (everyone - below - customers) < 20 * everyone) as top_20,
    min(value) filter (100 * (everyone - below - customers) < 50 * everyone) as top_50
from ranked
group by metric;

create macro score(value, cut) as case
    when value >= cut.part_5 then 5
    when value >= cut.part_4 then 4
    when value >= cut.part_3 then 3
    when value >= cut.part_2 then 2
    else 1
end;

create temp table classes as
with
    scored as (
        select
            facts.*,
            m as amount_cuts,
            case when order_count_365d > 0 then score(-recency_days, r) end as rfm_r,
            case when order_count_365d > 0 then score(order_count_365d, f) end as rfm_f,
            case when order_count_365d > 0 then score(net_amount_365d, m) end as rfm_m,
            greatest(90, 2 * median_gap_days) as active_within_days,
            greatest(365, 4 * median_gap_days) as lost_after_days
        from facts
        cross join (from cuts where metric = 'r') as r
        cross join (from cuts where metric = 'f') as f
        cross join (from cuts where metric = 'm') as m
    )
select
    customer_id,
    as_of_date,
    case
        when order_count_365d = 0 then null
        when order_count_365d >= 12 then 'high'
        when order_count_365d >= 4 then 'mid'
        else 'low'
    end as frequency_level,
    rfm_r,
    rfm_f,
    rfm_m,
    ratio(rfm_r + rfm_f + rfm_m, 3) as rfm_score,
    case
        when order_count = 0 then null
        when rfm_f is null then 'lost'
        when rfm_r = 1 then if(rfm_f >= 4 or rfm_m >= 4, 'sleeping', 'lost')
        when rfm_m >= 4 and rfm_r >= 4 then if(rfm_f >= 4, 'key_value', 'key_develop')
        when rfm_m >= 4 then if(rfm_f >= 4, 'key_keep', 'key_win_back')
        when rfm_r < 4 then if(rfm_f >= 4, 'general_keep', 'general_win_back')
        when rfm_f >= 4 then 'general_value'
        when rfm_f = 1 then 'new'
        else 'general_develop'
    end as rfm,
    case
        when order_count_365d >= 12 and net_amount_365d >= amount_cuts.p90 then 'vip'
        when order_count > 0 then 'regular'
        else 'potential'
    end as retail_vip,
    case
        when order_count_365d = 0 then null
        when order_day_count_365d >= 12 then 'frequent'
        when order_day_count_365d >= 6 and net_amount_365d >= amount_cuts.p80 then 'frequent'
        else 'occasional'
    end as visit_frequency,
    case
        when order_count = 0 then null
        when net_amount_365d >= 30000 then 'diamond'
        when net_amount_365d >= 10000 then 'gold'
        when net_amount_365d >= 2000 then 'silver'
        else 'basic'
    end as membership,
    case
        when order_count = 0 then 'potential'
        when recency_days <= active_within_days then 'active'
        when recency_days > lost_after_days then 'lost'
        else 'dormant'
    end as activity,
    case
        when order_count = 0 then 'prospect'
        when recency_days > lost_after_days then 'lost'
        when
            order_count >= 5
            and tenure_days >= 180
            and recency_days <= 2 * median_gap_days
            and coalesce(getvariable('as_of') - return_date >= 180, true)
        then 'loyal'
        when order_count >= 2 then 'repeat'
        else 'first'
    end as lifecycle,
    case
        when order_count = 0 then null when tenure_days < 90 then 'new' else 'other'
    end as new_customer,
    if(order_count > 0, 'closed', 'open') as deal_status,
    case
        when order_count_365d = 0 then null
        when net_amount_365d >= greatest(amount_cuts.top_20, 0.01) then 'high'
        when net_amount_365d >= greatest(amount_cuts.top_50, 0.01) then 'mid'
        else 'low'
    end as amount_level,
    case
        when order_count_365d = 0 or amount_cuts.everyone < 20 then null
        when net_amount_365d >= amount_cuts.top_1 then 'platinum'
        when net_amount_365d >= amount_cuts.top_5 then 'gold'
        when net_amount_365d >= amount_cuts.top_20 then 'iron'
        else 'lead'
    end as pyramid
from scored;

set preserve_insertion_order = true;

copy (from facts order by customer_id nulls first)
to (getvariable('target') || '/customer_facts.parquet')
(format parquet, compression zstd, row_group_size 122880);

copy (from classes order by customer_id nulls first)
to (getvariable('target') || '/customer_classes.parquet')
(format parquet, compression zstd, row_group_size 122880);
