{#- Every row keeps to each of these conditions; one that NULL leaves open is kept. -#}
{% test holds(model, conditions) %}
    select * from {{ model }} where not ({{ conditions | join(" and ") }})
{% endtest %}
