with categories as (select * from {{ ref("seed_position_categories") }})

select category_code, category_en, category_zh, description_en, description_zh
from categories
