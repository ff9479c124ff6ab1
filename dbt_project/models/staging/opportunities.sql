select {{ staged_columns("opportunities") }}
from {{ ref("landed_opportunities") }}
where _fate = 'staged'
