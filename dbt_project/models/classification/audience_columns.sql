{#- A scheme stands for all of its columns in customer_classes, and for none while it is switched off. -#}
with
    allowed as (select * from {{ ref("seed_audience_columns") }}),
    scheme_catalogue as (select * from {{ ref("scheme_catalogue") }}),

    schemes as (select distinct scheme, enabled from scheme_catalogue),

    scheme_columns as (
        {%- for scheme in policy_schemes() %}
            {%- set outer_loop = loop %}
            {%- for column in class_columns(scheme) %}
                select
                    '{{ scheme.id }}' as scheme,
                    '{{ column }}' as column_name
                    {{ "union all" if not (outer_loop.last and loop.last) }}
            {%- endfor %}
        {%- endfor %}
    ),

    in_force as (
        select allowed.audience, allowed.table_name, allowed.column_name, schemes.scheme
        from allowed
        left join schemes on allowed.column_name = schemes.scheme
        where coalesce(schemes.enabled, true)
    )

select
    in_force.audience,
    in_force.table_name,
    coalesce(scheme_columns.column_name, in_force.column_name) as column_name,
    in_force.scheme
from in_force
left join
    scheme_columns
    on in_force.scheme = scheme_columns.scheme
    and in_force.table_name = 'customer_classes'
