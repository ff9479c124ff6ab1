{% set sensitive = sensitive_schemes() | map(attribute="id") | list %}
with cuts_in_force as (select * from {{ ref("cuts_in_force") }})

select
    scheme,
    dimension,
    band,
    bound,
    population,
    reached,
    period,
    computed_on,
    reason,
    conditions_hash,
    false as is_suppressed
from cuts_in_force
where scheme not in ('{{ sensitive | join("', '") }}')
