with
    customer_classes as (select * from {{ ref("customer_classes") }}),
    customer_facts as (select * from {{ ref("customer_facts") }}),
    run_parameters as (select * from {{ source("landing", "run_parameters") }}),
    scheme_catalogue as (select * from {{ ref("scheme_catalogue") }} where enabled),

    customers as (
        select customer_classes.*, customer_facts.net_amount_365d
        from customer_classes
        inner join customer_facts on customer_classes.customer_id = customer_facts.customer_id
    ),

    counted as (
        {%- for scheme in policy_schemes() %}
            select
                '{{ scheme.id }}' as scheme,
                {{ scheme.id }} as class_code,
                count(*) as customers,
                sum(net_amount_365d) as net_amount_365d
            from customers
            where {{ scheme.id }} is not null
            group by {{ scheme.id }} {{ "union all" if not loop.last }}
        {%- endfor %}
    ),

    totals as (
        select scheme, sum(customers) as customers, sum(net_amount_365d) as net_amount_365d
        from counted
        group by scheme
    )

select
    scheme_catalogue.scheme,
    scheme_catalogue.class_code,
    scheme_catalogue.position,
    scheme_catalogue.class_en,
    scheme_catalogue.class_zh,
    run_parameters.as_of_date,
    cast(coalesce(counted.customers, 0) as bigint) as customers,
    {{ ratio("coalesce(counted.customers, 0)", "totals.customers") }} as share,
    cast(coalesce(counted.net_amount_365d, 0) as decimal(28, 4)) as net_amount_365d,
    {{ ratio("coalesce(counted.net_amount_365d, 0)", "totals.net_amount_365d") }} as net_share
from scheme_catalogue
cross join run_parameters
left join
    counted
    on scheme_catalogue.scheme = counted.scheme
    and scheme_catalogue.class_code = counted.class_code
left join totals on scheme_catalogue.scheme = totals.scheme
