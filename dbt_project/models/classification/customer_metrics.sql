{#- Metrics that name a scheme belong to their theme; all others stand here, before anything is ranked. -#}
{% set metrics = {} %}
{% for theme in var("themes") if execute %}
    {% do metrics.update(theme_meta(theme).get("metrics", {})) %}
{% endfor %}
with
    customer_facts as (select * from {{ ref("customer_facts") }}),

    measured as (
        select
            *
            {%- for metric, expression in metrics.items() %}
                , {{ expression_sql(expression) }} as {{ metric }}
            {%- endfor %}
        from customer_facts
    )

select *
from measured
