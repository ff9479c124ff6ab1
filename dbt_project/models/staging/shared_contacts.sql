with
    customers as (select * from {{ ref("landed_customers") }} where _fate = 'staged'),
    contact_keys as (
        select kind, given, contact_key
        from {{ source("landing", "contact_keys") }}
        where contact_key is not null
    ),
    held as (
        {%- for kind in ["phone", "email", "registration_code"] %}
            select customers.customer_id, contact_keys.kind, contact_keys.contact_key
            from customers
            inner join
                contact_keys
                on customers.{{ kind }} = contact_keys.given
                and contact_keys.kind = '{{ kind }}' {{ "union all" if not loop.last }}
        {%- endfor %}
    ),
    holders as (
        select kind, contact_key, count(*) as customer_count
        from held
        group by kind, contact_key
        having count(*) > 1
    )
select
    held.customer_id,
    held.kind,
    held.contact_key,
    holders.customer_count,
    {#- a switchboard, the company's own number, or what somebody typed to get past a form #}
    holders.customer_count > 10 as is_common
from held
inner join holders on held.kind = holders.kind and held.contact_key = holders.contact_key
