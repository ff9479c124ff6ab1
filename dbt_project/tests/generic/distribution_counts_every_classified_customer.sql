{#- Each scheme's counts add up to the customers whom it classifies, in its own columns. -#}
{% test distribution_counts_every_classified_customer(model) %}
    with
        customer_classes as (select * from {{ ref("customer_classes") }}),
        distribution as (
            select scheme, sum(customers) as customers from {{ model }} group by scheme
        ),
        counted as (
            select
                {%- for scheme in public_schemes() %}
                    {%- for column in class_columns(scheme) %}
                        {%- set is_in_class = (
                            column if scheme.get("many") else column ~ " is not null"
                        ) %}
                        count(case when {{ is_in_class }} then 1 end)
                        {{- " + " if not loop.last }}
                    {%- endfor %} as {{ scheme.id }} {{- "," if not loop.last }}
                {%- endfor %}
            from customer_classes
        ),
        classified as (
            select
                named.scheme,
                case
                    named.scheme
                    {%- for scheme in public_schemes() %}
                        when '{{ scheme.id }}' then counted.{{ scheme.id }}
                    {%- endfor %}
                end as customers
            from counted
            cross join
                (
                    values
                        {%- for scheme in public_schemes() %}
                            ('{{ scheme.id }}'){{ "," if not loop.last }}
                        {%- endfor %}
                ) as named(scheme)
        )
    select classified.scheme, classified.customers, distribution.customers as distributed
    from classified
    left join distribution on classified.scheme = distribution.scheme
    where distribution.customers is distinct from classified.customers
{% endtest %}
