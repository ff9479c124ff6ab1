select
    {{ staged_columns("feedback") }},
    cast(occurred_at as date) as occurred_date,
    cast(resolved_at as date) as resolved_date
from {{ ref("landed_feedback") }}
where _fate = 'staged'
