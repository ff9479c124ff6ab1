with segments as (select * from {{ source("history", "segments") }})

select
    segment_code,
    position,
    label_en,
    label_zh,
    rule_en,
    rule_zh,
    condition,
    feature,
    low,
    high,
    takes_unknown,
    share,
    overlap,
    fitted_on
from segments
