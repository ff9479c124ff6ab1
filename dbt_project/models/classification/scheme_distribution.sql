{% set one_class, whole_scheme = [], [] %}
{% for scheme in public_schemes() %}
    {% for column in class_columns(scheme) %}
        {% do one_class.append(
            {
                "scheme": "'" ~ scheme.id ~ "'",
                "class_code": "'" ~ scheme.classes[loop.index0].code ~ "'",
                "where": column,
            }
            if scheme.get("many")
            else {
                "scheme": "'" ~ scheme.id ~ "'",
                "class_code": column,
                "where": column ~ " is not null",
            }
        ) %}
    {% endfor %}
    {% do whole_scheme.append(
        {
            "scheme": "'" ~ scheme.id ~ "'",
            "where": class_columns(scheme)[0] ~ " is not null",
        }
    ) %}
{% endfor %}
{% set measures %} count(*) as customers, sum(net_amount_365d) as net_amount_365d {% endset %}
with
    customer_classes as (select * from {{ ref("customer_classes") }}),
    customer_facts as (select * from {{ ref("customer_facts") }}),
    run_parameters as (select * from {{ source("landing", "run_parameters") }}),
    scheme_catalogue as (
        select * from {{ ref("scheme_catalogue") }} where enabled and not sensitive
    ),

    customers as (
        select customer_classes.*, customer_facts.net_amount_365d
        from customer_classes
        inner join customer_facts on customer_classes.customer_id = customer_facts.customer_id
    ),

    counted as ({{ under_headings("customers", one_class, measures, grouped=true) }}),

    classified as ({{ under_headings("customers", whole_scheme, measures, grouped=true) }}),

    -- A value of an attribute that the policy does not list is a class all the same.
    classes as (
        select scheme, class_code, position, class_en, class_zh
        from scheme_catalogue
        union all
        select
            counted.scheme,
            counted.class_code,
            null as position,
            counted.class_code as class_en,
            counted.class_code as class_zh
        from counted
        left join
            scheme_catalogue
            on counted.scheme = scheme_catalogue.scheme
            and counted.class_code = scheme_catalogue.class_code
        where scheme_catalogue.scheme is null
    )

select
    classes.scheme,
    classes.class_code,
    classes.position,
    classes.class_en,
    classes.class_zh,
    run_parameters.as_of_date,
    cast(coalesce(counted.customers, 0) as bigint) as customers,
    cast(coalesce(classified.customers, 0) as bigint) as classified,
    {{ ratio("coalesce(counted.customers, 0)", "classified.customers") }} as share,
    cast(coalesce(counted.net_amount_365d, 0) as decimal(28, 4)) as net_amount_365d,
    {{ ratio("coalesce(counted.net_amount_365d, 0)", "classified.net_amount_365d") }} as net_share,
    false as is_suppressed
from classes
cross join run_parameters
left join counted on classes.scheme = counted.scheme and classes.class_code = counted.class_code
left join classified on classes.scheme = classified.scheme
