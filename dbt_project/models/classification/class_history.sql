{% set columns = columns_of(public_schemes(), kept_columns) %}
with
    history_classes as (select * from {{ source("history", "classes") }}),
    classes_to_keep as (select * from {{ ref("classes_to_keep") }})

select customer_id, as_of_date {%- for column in columns %}, {{ column }}{% endfor %}
from history_classes
union all
select customer_id, as_of_date {%- for column in columns %}, {{ column }}{% endfor %}
from classes_to_keep
