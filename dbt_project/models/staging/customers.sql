select {{ staged_columns("customers") }} from {{ ref("landed_customers") }} where _fate = 'staged'
