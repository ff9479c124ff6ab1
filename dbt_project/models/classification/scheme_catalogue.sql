with catalogue as (select * from {{ source("policy", "catalogue") }})

select
    scheme,
    class_code,
    position,
    theme,
    kind,
    enabled,
    scheme_en,
    scheme_zh,
    scheme_description,
    population,
    class_en,
    class_zh,
    aliases,
    condition,
    share_min,
    share_max
from catalogue
