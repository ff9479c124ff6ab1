select {{ staged_columns("attributes") }}, cast(observed_at as date) as observed_date
from {{ ref("landed_attributes") }}
where _fate = 'staged'
