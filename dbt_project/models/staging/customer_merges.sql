select {{ canonical_names("customer_merges") | join(", ") }}, surviving_customer_id
from {{ ref("landed_customer_merges") }}
where _fate = 'staged'
