with catalogue as (select * from {{ source("policy", "catalogue") }})

select
    scheme,
    class_code,
    position,
    parent_code,
    column_name,
    column_value,
    theme,
    kind,
    enabled,
    sensitive,
    uses_sensitive,
    is_from_model_alone,
    scheme_en,
    scheme_zh,
    scheme_description,
    scheme_description_zh,
    population,
    class_en,
    class_zh,
    aliases,
    group_en,
    group_zh,
    condition,
    share_min,
    share_max
from catalogue
