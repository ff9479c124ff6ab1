{% set schemes = policy_schemes() | map(attribute="id") | list %}
with
    history_classes as (select * from {{ source("history", "classes") }}),
    classes_to_keep as (select * from {{ ref("classes_to_keep") }})

select customer_id, as_of_date {%- for scheme in schemes %}, {{ scheme }}{% endfor %}
from history_classes
union all
select customer_id, as_of_date {%- for scheme in schemes %}, {{ scheme }}{% endfor %}
from classes_to_keep
