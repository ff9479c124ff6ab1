{#- Days are read by themselves, so that the wide rows are read once, and only those that count. -#}
with
    history_classes as (select * from {{ source("history", "classes") }}),
    history_days as (select customer_id, as_of_date from {{ source("history", "classes") }}),

    last_day as (select max(as_of_date) as as_of_date from history_days),

    -- The first run of a month writes every customer: the latest month holds the latest state of
    -- all.
    latest_days as (
        select history_days.customer_id, max(history_days.as_of_date) as as_of_date
        from history_days
        inner join last_day on history_days.as_of_date >= date_trunc('month', last_day.as_of_date)
        group by history_days.customer_id
    )

select
    history_classes.customer_id,
    history_classes.as_of_date
    {%- for column in columns_of(policy_schemes(), kept_columns) %}
        , history_classes.{{ column }}
    {%- endfor %}
from history_classes
inner join
    latest_days
    on history_classes.customer_id = latest_days.customer_id
    and history_classes.as_of_date = latest_days.as_of_date
