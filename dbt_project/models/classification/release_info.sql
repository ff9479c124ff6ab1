with
    run_parameters as (select * from {{ source("landing", "run_parameters") }}),
    customer_facts as (select * from {{ ref("customer_facts") }}),
    ledger as (select * from {{ ref("ledger") }}),

    totals as (
        select
            count(*) as customers,
            sum(order_count) as purchases,
            cast(sum(net_amount) as decimal(28, 4)) as net_amount
        from customer_facts
    ),

    quality as (select sum(landed) as landed_rows, sum(quarantined) as quarantined_rows from ledger)

select
    run_parameters.as_of_date,
    run_parameters.timezone,
    run_parameters.base_currency,
    run_parameters.run_id,
    run_parameters.policy_hash,
    run_parameters.started_at,
    run_parameters.pseudonym_key_id,
    run_parameters.smallest_group,
    cast(totals.customers as bigint) as customers,
    cast(totals.purchases as bigint) as purchases,
    totals.net_amount,
    cast(quality.landed_rows as bigint) as landed_rows,
    cast(quality.quarantined_rows as bigint) as quarantined_rows
from run_parameters
cross join totals
cross join quality
