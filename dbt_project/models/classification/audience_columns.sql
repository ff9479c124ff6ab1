{#- A scheme stands for all of its columns in a table, and for none while it is switched off. -#}
{% set named = [] %}
{% for table, columns in [("customer_classes", scheme_columns), ("class_history", kept_columns)] %}
    {% for scheme in public_schemes() %}
        {% for column in columns(scheme) %}
            {% do named.append((table, scheme.id, column)) %}
        {% endfor %}
    {% endfor %}
{% endfor %}
with
    allowed as (select * from {{ ref("seed_audience_columns") }}),
    scheme_catalogue as (select * from {{ ref("scheme_catalogue") }}),

    schemes as (select distinct scheme, enabled from scheme_catalogue),

    scheme_columns as (
        {%- for table, scheme, column in named %}
            select
                '{{ table }}' as table_name,
                '{{ scheme }}' as scheme,
                '{{ column }}' as column_name
                {{ "union all" if not loop.last }}
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
    on in_force.table_name = scheme_columns.table_name
    and in_force.scheme = scheme_columns.scheme
