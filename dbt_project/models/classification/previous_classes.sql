with
    history_classes as (select * from {{ source("history", "classes") }}),

    -- The first run of a month writes every customer: the latest month holds the latest state of
    -- all.
    latest_month as (
        select *
        from history_classes
        where as_of_date >= (select date_trunc('month', max(as_of_date)) from history_classes)
    ),

    latest_days as (
        select customer_id, max(as_of_date) as as_of_date from latest_month group by customer_id
    )

select
    latest_month.customer_id,
    latest_month.as_of_date
    {%- for column in columns_of(policy_schemes(), kept_columns) %}
        , latest_month.{{ column }}
    {%- endfor %}
from latest_month
inner join
    latest_days
    on latest_month.customer_id = latest_days.customer_id
    and latest_month.as_of_date = latest_days.as_of_date
