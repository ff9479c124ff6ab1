with audiences as (select * from {{ ref("seed_audiences") }})

select audience, audience_en, audience_zh, without_opted_out
from audiences
