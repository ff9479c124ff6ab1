with segment_evidence as (select * from {{ source("history", "segment_evidence") }})

select measure, value, least, told_en, told_zh, fitted_on
from segment_evidence
