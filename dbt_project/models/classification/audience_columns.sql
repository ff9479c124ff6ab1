{#- A scheme stands for all of its columns in a table, and for none while it is switched off. -#}
{% set named = [] %}
{% for table, columns in [("customer_classes", scheme_columns), ("class_history", kept_columns)] %}
    {% for scheme in public_schemes() %}
        {% for column in columns(scheme) %}
            {% do named.append({"table": table, "scheme": scheme.id, "column": column}) %}
        {% endfor %}
    {% endfor %}
    {% for column in ["customer_id", "as_of_date"] + published_measures() %}
        {% do named.append({"table": table, "scheme": "", "column": column}) %}
    {% endfor %}
{% endfor %}
with
    allowed as (select * from {{ ref("seed_audience_columns") }}),
    scheme_catalogue as (select * from {{ ref("scheme_catalogue") }}),

    schemes as (select distinct scheme, enabled from scheme_catalogue),

    policy_columns as (
        select named.table_name, named.scheme, named.column_name
        from
            (
                values
                    {%- for each in named %}
                        ('{{ each.table }}', '{{ each.scheme }}', '{{ each.column }}')
                        {{- "," if not loop.last }}
                    {%- endfor %}
            ) as named(table_name, scheme, column_name)
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
    coalesce(policy_columns.column_name, in_force.column_name) as column_name,
    in_force.scheme
from in_force
left join
    policy_columns
    on in_force.table_name = policy_columns.table_name
    and (
        in_force.scheme = policy_columns.scheme or in_force.column_name = policy_columns.column_name
    )
-- Another policy need not have every scheme that the rights name; gate 2 tells which are meant
-- for nothing.
where
    policy_columns.column_name is not null
    or in_force.scheme is not null
    or in_force.table_name not in (select table_name from policy_columns)
