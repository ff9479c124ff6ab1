{#- A view: a row per customer and scheme would be the largest table of all, and few are ever read. -#}
{% set schemes = explained_schemes() %}
with
    customer_classes as (select * from {{ ref("customer_classes") }}),
    customer_facts as (select * from {{ ref("customer_facts") }}),
    scheme_cuts as (select * from {{ ref("scheme_cuts") }}),
    scheme_catalogue as (select * from {{ ref("scheme_catalogue") }}),
    {{ explained_customers(schemes) }}
    {{ cuts_cte(schemes, "scheme_cuts") }}
    {% for scheme in schemes %}
        {% set probes = probes_of(scheme) %}
        {{ judged(scheme) }}
        {% if probes %} {{ probed(scheme, probes) }} {{ supposed(scheme, probes) }} {% endif %}
    {% endfor %}
