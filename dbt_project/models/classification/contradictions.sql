{% set rules = [] %}
{% for theme in (var("themes") if execute else []) %}
    {% for rule in theme_meta(theme).get("contradictions", []) %}
        {% do rules.append({"theme": theme, "rule": rule}) %}
    {% endfor %}
{% endfor %}
{% set classes = columns_of(public_schemes(), scheme_columns) %}
with
    customer_metrics as (select * from {{ ref("customer_metrics") }}),
    customer_classes as (select * from {{ ref("customer_classes") }}),

    customers as (
        select
            customer_metrics.*
            {%- for column in classes %}, customer_classes.{{ column }}{% endfor %}
        from customer_metrics
        inner join customer_classes on customer_metrics.customer_id = customer_classes.customer_id
    ),

    counted as (
        select
            count(*) as customers
            {%- for each in rules %}
                ,
                count(case when {{ expression_sql(each.rule) }} then 1 end) as rule_{{ loop.index }}
            {%- endfor %}
        from customers
    )

{% for each in rules -%}
    select
        '{{ each.theme }}' as theme,
        {{ text_literal(each.rule) }} as rule,
        cast(rule_{{ loop.index }} as bigint) as customers
    from counted {{ "union all" if not loop.last }}
{% else %}
    select
        cast(null as {{ dbt.type_string() }}) as theme,
        cast(null as {{ dbt.type_string() }}) as rule,
        cast(null as bigint) as customers
    from counted
    where false
{% endfor %}
