-- One row per customer: its orders, the gaps between them, its refunds.
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
