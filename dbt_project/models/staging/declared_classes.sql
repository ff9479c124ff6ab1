select {{ staged_columns("declared_classes") }}, cast(declared_at as date) as declared_date
from {{ ref("landed_declared_classes") }}
where _fate = 'staged'
