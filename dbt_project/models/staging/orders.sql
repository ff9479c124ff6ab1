select {{ staged_columns("orders") }}, cast(ordered_at as date) as order_date
from {{ ref("landed_orders") }}
where _fate = 'staged'
