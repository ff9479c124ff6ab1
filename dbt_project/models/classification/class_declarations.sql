{% set sensitive = sensitive_schemes() | map(attribute="id") | list %}
with declarations_in_force as (select * from {{ ref("declarations_in_force") }})

select customer_id, scheme, class_code, author, reason, declared_date, last_day
from declarations_in_force
where scheme not in ('{{ sensitive | join("', '") }}')
