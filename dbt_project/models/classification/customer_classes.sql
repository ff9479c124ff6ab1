with classified as (select * from {{ ref(var("themes")[-1]) }})

select
    customer_id,
    as_of_date
    {%- for scheme in policy_schemes() %}
        {%- for column in class_columns(scheme) %}, {{ column }}{%- endfor %}
    {%- endfor %}
from classified
