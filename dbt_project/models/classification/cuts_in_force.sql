with
    fact_cuts as (select * from {{ ref("fact_cuts") }}),
    score_cuts as (select * from {{ ref("score_cuts") }})

select *
from fact_cuts
union all
select *
from score_cuts
