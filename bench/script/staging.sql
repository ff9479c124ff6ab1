-- The yardstick: what somebody who knows DuckDB would write by hand for this one company. It reads
-- the landing and writes customer_facts and customer_classes of the first day, and nothing else: no
-- reasons, ledger, history, audits or release. This part types the rows and leaves the unfit out.
-- Variables: as_of (a date), target (a folder), and for each table the glob of its landed files.
set timezone = 'Asia/Shanghai';

create macro exactly(quotient) as
    trunc(quotient)::decimal(25, 0) + (quotient % 1)::decimal(13, 12);
create macro ratio(numerator, denominator) as cast(
    round(exactly(numerator::double / nullif(denominator::double, 0)), 8) as decimal(28, 8)
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
