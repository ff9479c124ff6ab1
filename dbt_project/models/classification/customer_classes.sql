with classified as (select * from {{ ref(var("themes")[-1]) }})

select
    customer_id,
    as_of_date
    {%- for scheme in policy_schemes() %}
        {%- for dimension in scheme.get("dimensions", {}) %}
            , {{ scheme.id }}_{{ dimension }}
        {%- endfor %}
        {%- if scheme.kind == "score" %}, {{ scheme.id }}_score {%- endif %},
        {{ scheme.id }}
    {%- endfor %}
from classified
