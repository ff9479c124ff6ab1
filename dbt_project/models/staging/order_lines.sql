select {{ staged_columns("order_lines") }}
from {{ ref("landed_order_lines") }}
where _fate = 'staged'
