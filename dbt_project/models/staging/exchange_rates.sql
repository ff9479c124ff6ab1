select {{ staged_columns("exchange_rates") }}
from {{ ref("landed_exchange_rates") }}
where _fate = 'staged'
