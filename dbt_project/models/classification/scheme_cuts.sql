with
    fact_cuts as (select * from {{ ref("fact_cuts") }}),
    score_cuts as (select * from {{ ref("score_cuts") }}),

    cuts as (
        select *
        from fact_cuts
        union all
        select *
        from score_cuts
    )

select scheme, dimension, band, bound, population, period, computed_on, conditions_hash
from cuts
