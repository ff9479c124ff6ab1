{#- Everybody who has facts has a row of classes, and nobody else. -#}
{% test classes_cover_every_customer(model) %}
    select customer_facts.customer_id as with_facts, classes.customer_id as with_classes
    from {{ ref("customer_facts") }} as customer_facts
    full outer join {{ model }} as classes on customer_facts.customer_id = classes.customer_id
    where customer_facts.customer_id is null or classes.customer_id is null
{% endtest %}
