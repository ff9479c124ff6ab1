select {{ staged_columns("refunds") }}, cast(refunded_at as date) as refund_date
from {{ ref("landed_refunds") }}
where _fate = 'staged'
