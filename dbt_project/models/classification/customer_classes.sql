with classified as (select * from {{ ref(var("themes")[-1]) }})

select
    customer_id,
    as_of_date
    {%- for column in published_measures() + columns_of(public_schemes(), scheme_columns) %}
        , {{ column }}
    {%- endfor %}
from classified
