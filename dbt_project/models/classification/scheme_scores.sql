{#- Scores have to be known before they can be ranked: only schemes that cut their own score need them here. -#}
{% set schemes = [] %}
{% for scheme in policy_schemes() if cut_sets(scheme, "score") %}
    {% do schemes.append(scheme) %}
{% endfor %}
with
    customers as (select * from {{ ref("customer_metrics") }}),
    {{ cuts_cte(schemes, ref("fact_cuts"), levels=["fact"]) }}
    scored as (
        select customers.* {%- for scheme in schemes %} {{ score_columns(scheme) }}{% endfor %}
        from customers
        cross join cuts
    )

select *
from scored
