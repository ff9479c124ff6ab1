with playbook as (select * from {{ ref("seed_tier_playbook") }})

select scheme, class_code, action_en, action_zh, channel, service_level, owner, budget_per_customer
from playbook
