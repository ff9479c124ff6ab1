-- Ranks come from the counts of each distinct value, so equal values share one. Every cut is at a
-- twentieth or a hundredth, so the smallest value of each such step is all that is needed.
create macro cuts_of(counted) as table
with
    ranked as (
        select
            *,
            (sum(customers) over (partition by metric order by value))::bigint as until,
            (sum(customers) over (partition by metric))::bigint as everyone
        from query_table(counted)
        where value is not null
    ),
    steps as (
        select
            metric,
            everyone,
            20 * (until - customers) // (everyone - 1) as twentieth,
            100 * (everyone - until) // everyone as percent_above,
            min(value) as value
        from ranked
        group by all
    )
select
    metric,
    max(everyone) as everyone,
    min(value) filter (twentieth >= 1) as p5,
    min(value) filter (twentieth >= 2) as p10,
    min(value) filter (twentieth >= 3) as p15,
    min(value) filter (twentieth >= 4) as p20,
    min(value) filter (twentieth >= 5) as p25,
    min(value) filter (twentieth >= 6) as p30,
    min(value) filter (twentieth >= 7) as p35,
    min(value) filter (twentieth >= 8) as p40,
    min(value) filter (twentieth >= 9) as p45,
    min(value) filter (twentieth >= 10) as p50,
    min(value) filter (twentieth >= 11) as p55,
    min(value) filter (twentieth >= 12) as p60,
    min(value) filter (twentieth >= 13) as p65,
    min(value) filter (twentieth >= 14) as p70,
    min(value) filter (twentieth >= 15) as p75,
    min(value) filter (twentieth >= 16) as p80,
    min(value) filter (twentieth >= 17) as p85,
    min(value) filter (twentieth >= 18) as p90,
    min(value) filter (twentieth >= 19) as p95,
    min(value) filter (percent_above < 1) as top_1,
    min(value) filter (percent_above < 3) as top_3,
    min(value) filter (percent_above < 5) as top_5,
    min(value) filter (percent_above < 10) as top_10,
    min(value) filter (percent_above < 20) as top_20,
    min(value) filter (percent_above < 40) as top_40,
    min(value) filter (percent_above < 50) as top_50
from steps
group by metric;

-- Cuts are read from a variable, so that they are constants to the query that compares with them.
create macro cut(metric) as getvariable('cuts')[metric];

create macro fifth(value, metric) as case
    when value >= cut(metric).p80 then 5
    when value >= cut(metric).p60 then 4
    when value >= cut(metric).p40 then 3
    when value >= cut(metric).p20 then 2
    when value is not null then 1
end;

create macro twentieth(value, metric) as case
    when value >= cut(metric).p95 then 20
    when value >= cut(metric).p90 then 19
    when value >= cut(metric).p85 then 18
    when value >= cut(metric).p80 then 17
    when value >= cut(metric).p75 then 16
    when value >= cut(metric).p70 then 15
    when value >= cut(metric).p65 then 14
    when value >= cut(metric).p60 then 13
    when value >= cut(metric).p55 then 12
    when value >= cut(metric).p50 then 11
    when value >= cut(metric).p45 then 10
    when value >= cut(metric).p40 then 9
    when value >= cut(metric).p35 then 8
    when value >= cut(metric).p30 then 7
    when value >= cut(metric).p25 then 6
    when value >= cut(metric).p20 then 5
    when value >= cut(metric).p15 then 4
    when value >= cut(metric).p10 then 3
    when value >= cut(metric).p5 then 2
    when value is not null then 1
end;

create temp view counted_facts as
with
    everybody as (
        select
            order_count_365d > 0 as is_buyer,
            -recency_days::decimal(28, 8) as r,
            order_count_365d::decimal(28, 8) as f,
            net_amount_365d::decimal(28, 8) as m,
            margin_amount_365d::decimal(28, 8) as margin,
            ratio(order_day_count - 1, order_day_count) as repeated,
            on_cycle_share as cycle,
            tenure_days::decimal(28, 8) as tenure
        from facts
        where order_count > 0
    )
select 'r' as metric, r as value, count(*) as customers from everybody where is_buyer group by value
union all
select 'f', f, count(*) from everybody where is_buyer group by all
union all
select 'm', m, count(*) from everybody where is_buyer group by all
union all
select 'margin', margin, count(*) from everybody where is_buyer group by all
union all
select 'repeated', repeated, count(*) from everybody group by all
union all
select 'cycle', cycle, count(*) from everybody group by all
union all
select 'tenure', tenure, count(*) from everybody group by all;

create temp table cuts as from cuts_of('counted_facts');
set variable cuts = (select map(list(metric), list(cuts)) from cuts);

-- The weight of a dimension without a score goes to the others.
create macro weighed(weight, score) as if(score is null, 0, weight * score);
create macro weight_of(weight, score) as if(score is null, 0, weight);

create temp view scored as
select
    *,
    ratio(order_day_count - 1, order_day_count) as repeat_share,
    fifth(repeat_share, 'repeated') as loyalty_repeat,
    fifth(on_cycle_share, 'cycle') as loyalty_cycle,
    case
        when referral_count_365d >= 5 then 5
        when referral_count_365d >= 3 then 4
        when referral_count_365d >= 2 then 3
        when referral_count_365d >= 1 then 2
        else 1
    end as loyalty_referral,
    fifth(tenure_days, 'tenure') as loyalty_tenure,
    ratio(
        weighed(0.5, loyalty_repeat)
        + weighed(0.2, loyalty_cycle)
        + 0.2 * loyalty_referral
        + weighed(0.1, loyalty_tenure),
        weight_of(0.5, loyalty_repeat)
        + weight_of(0.2, loyalty_cycle)
        + 0.2
        + weight_of(0.1, loyalty_tenure)
    ) as loyalty_score,
    twentieth(order_count_365d, 'f') as vip_value_f,
    twentieth(net_amount_365d, 'm') as vip_value_m,
    -- There are no order lines.
    null::int as vip_value_units,
    ratio(vip_value_f + vip_value_m, 2) as vip_value_score
from facts;

create temp view counted_scores as
select 'loyalty' as metric, loyalty_score as value, count(*) as customers
from scored
where order_count > 0
group by value
union all
select 'vip', vip_value_score, count(*)
from scored
where order_count_365d > 0
group by all;

insert into cuts
from cuts_of('counted_scores');
set variable cuts = (select map(list(metric), list(cuts)) from cuts);
