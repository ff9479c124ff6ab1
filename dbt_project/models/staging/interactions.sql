select {{ staged_columns("interactions") }}, cast(occurred_at as date) as occurred_date
from {{ ref("landed_interactions") }}
where _fate = 'staged'
