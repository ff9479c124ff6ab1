{{ continued(replacing="rows_by_key") }}
{%- set amounts = ["amount", "discount_amount", "cost_amount"] %}
{%- set rates = (
    "select currency, rate_date, cast(rate_to_base as decimal(18, 8)) as rate from "
    ~ ref("exchange_rates")
) %}
{#- A rate may come, or be corrected, after the orders of its day. -#}
{%- set repriced %}
    select landed._key_hash
    from {{ this }} as landed
    cross join {{ source("landing", "run_parameters") }} as run
    left join ({{ rates }}) as rates
        on landed.currency = rates.currency
        and cast(landed.ordered_at as date) = rates.rate_date
    where landed.currency <> run.base_currency and rates.rate is distinct from landed._rate
{%- endset %}
with
    run as (select base_currency from {{ source("landing", "run_parameters") }}),
    landed as ({{ landed_rows("orders", changed_too=repriced) }}),
    rates as ({{ rates }}),
    rated as (
        select landed.*, landed.currency <> run.base_currency as is_foreign, rates.rate as _rate
        from landed
        cross join run
        left join
            rates
            on landed.currency = rates.currency
            and cast(landed.ordered_at as date) = rates.rate_date
            and landed.currency <> run.base_currency
    ),
    judged as (
        select
            rated.*,
            case
                when _fate <> 'staged'
                then null
                {%- for amount in amounts %}
                    when
                        {{ amount }} is not null and {{ in_base_currency(amount, "_rate") }} is null
                    then '{{ amount }}'
                {%- endfor %}
            end as overflowing_column
        from rated
    )
select
    _load_id,
    _row,
    {%- for name in canonical_names("orders") %} {{ name }}, {%- endfor %}
    case
        when overflowing_column is not null
        then 'quarantined'
        when _fate = 'staged' and is_foreign and _rate is null
        then 'waiting'
        else _fate
    end as _fate,
    case when overflowing_column is not null then 'out_of_range' else _reason end as _reason,
    coalesce(overflowing_column, _reason_column) as _reason_column,
    _rate,
    _problem,
    _updated_instant,
    _key_hash,
    _run_id
from judged
