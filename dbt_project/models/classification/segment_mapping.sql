with segment_mapping as (select * from {{ source("history", "segment_mapping") }})

select previous_code, segment_code, fate, overlap, fitted_on
from segment_mapping
