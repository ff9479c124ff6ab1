{#- A window of N days ends with the day itself: it begins N - 1 days before. -#}
with run as (select as_of_date from {{ source("landing", "run_parameters") }})
select
    as_of_date,
    {%- for days in [30, 90, 180, 365] %}
        cast(as_of_date + interval '-{{ days - 1 }}' day as date) as since_{{ days }}d,
    {%- endfor %}
    cast(as_of_date + interval '-359' day as date) as since_prior_180d,
    cast(as_of_date + interval '-180' day as date) as until_prior_180d
from run
