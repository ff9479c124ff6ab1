with
    run as (select base_currency from {{ source("landing", "run_parameters") }}),
    landed as ({{ landed_rows("orders") }}),
    rates as (select currency, rate_date, rate_to_base from {{ ref("exchange_rates") }}),
    rated as (
        select
            landed.*,
            coalesce(landed.currency, run.base_currency) = run.base_currency as is_in_base,
            cast(rates.rate_to_base as decimal(18, 8)) as rate
        from landed
        cross join run
        left join
            rates
            on landed.currency = rates.currency
            and cast(landed.ordered_at as date) = rates.rate_date
            and landed.currency <> run.base_currency
    ),
    priced as (
        select
            rated.*,
            {{ in_base_currency("amount") }} as base_amount,
            {{ in_base_currency("discount_amount") }} as base_discount_amount,
            {{ in_base_currency("cost_amount") }} as base_cost_amount
        from rated
    ),
    judged as (
        select
            priced.*,
            _fate = 'staged' and not is_in_base and rate is null as is_waiting,
            case
                when _fate <> 'staged' or is_in_base or rate is null
                then null
                when base_amount is null
                then 'amount'
                when discount_amount is not null and base_discount_amount is null
                then 'discount_amount'
                when cost_amount is not null and base_cost_amount is null
                then 'cost_amount'
            end as overflowing_column
        from priced
    )
select
    _load_id,
    _row,
    order_id,
    customer_id,
    ordered_at,
    base_amount as amount,
    status,
    currency,
    base_discount_amount as discount_amount,
    base_cost_amount as cost_amount,
    channel,
    promo_code,
    updated_at,
    is_deleted,
    case
        when overflowing_column is not null
        then 'quarantined'
        when is_waiting
        then 'waiting'
        else _fate
    end as _fate,
    case when overflowing_column is not null then 'out_of_range' else _reason end as _reason,
    coalesce(overflowing_column, _reason_column) as _reason_column
from judged
