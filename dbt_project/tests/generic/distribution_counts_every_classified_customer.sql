{#- Each scheme's counts add up to the customers whom it classifies, in its own columns. -#}
{% test distribution_counts_every_classified_customer(model) %}
    with
        customer_classes as (select * from {{ ref("customer_classes") }}),
        distribution as (
            select scheme, sum(customers) as customers from {{ model }} group by scheme
        ),
        classified as (
            {%- for scheme in public_schemes() %}
                {%- set counts = [] %}
                {%- for column in class_columns(scheme) %}
                    {%- set is_in_class = (
                        column if scheme.get("many") else column ~ " is not null"
                    ) %}
                    {%- do counts.append("count(case when " ~ is_in_class ~ " then 1 end)") %}
                {%- endfor %}
                select '{{ scheme.id }}' as scheme, {{ counts | join(" + ") }} as customers
                from customer_classes {{ "union all" if not loop.last }}
            {%- endfor %}
        )
    select classified.scheme, classified.customers, distribution.customers as distributed
    from classified
    left join distribution on classified.scheme = distribution.scheme
    where distribution.customers is distinct from classified.customers
{% endtest %}
