{#- A window of N days ends with the day itself: it begins N - 1 days before. -#}
{%- set begins = {"30d": 29, "90d": 89, "180d": 179, "365d": 364, "prior_180d": 359} %}
with run as (select as_of_date, continues_from from {{ source("landing", "run_parameters") }})
select
    as_of_date,
    {%- for window, days in begins.items() %}
        cast(as_of_date + interval '-{{ days }}' day as date) as since_{{ window }},
        cast(continues_from + interval '-{{ days }}' day as date) as last_since_{{ window }},
    {%- endfor %}
    cast(as_of_date + interval '-180' day as date) as until_prior_180d
from run
