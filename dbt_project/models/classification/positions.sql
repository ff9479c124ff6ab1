with positions as (select * from {{ ref("seed_positions") }})

select
    position_code,
    category_code,
    position_en,
    position_zh,
    department,
    description_en,
    description_zh
from positions
