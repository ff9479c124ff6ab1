-- The release of the same company: `warehouse` is its warehouse, attached.
create table customer_facts as from warehouse.facts.customer_facts;
create table customer_classes as from warehouse.classification.customer_classes;
create table scheme_catalogue as from warehouse.classification.scheme_catalogue;
create table scheme_cuts as from warehouse.classification.scheme_cuts;
create table scheme_distribution as from warehouse.classification.scheme_distribution;
create table scheme_evaluation as from warehouse.classification.scheme_evaluation;
create table class_declarations as from warehouse.classification.class_declarations;
create table cut_drift as from warehouse.classification.cut_drift;
create table segments as from warehouse.classification.segments;
create table segment_mapping as from warehouse.classification.segment_mapping;
create table segment_evidence as from warehouse.classification.segment_evidence;
create table position_categories as from warehouse.classification.position_categories;
create table positions as from warehouse.classification.positions;
create table tier_playbook as from warehouse.classification.tier_playbook;

create view customer_class_reasons as
select
    customer_id,
    'activity' as scheme,
    activity as class_code,
    'Because.' as reason_en,
    '因为。' as reason_zh
from customer_classes;

create table audiences as
from (
    values ('marketing', 'Marketing', '市场营销', true), ('finance', 'Finance', '财务', false)
) as audiences (audience, audience_en, audience_zh, without_opted_out);

create table audience_columns as
from warehouse.classification.audience_columns
union all
select 'finance', 'customer_facts', 'net_amount', null;

create table class_history as
select customer_id, as_of_date, activity, rfm from customer_classes
union all
select customer_id, date '2024-03-30', 'active', null from customer_classes;

create table class_changes as
select
    customer_id,
    as_of_date,
    'rfm' as scheme,
    cast(null as varchar) as from_class,
    rfm as to_class,
    'data' as cause
from customer_classes
where rfm is not null;

create table release_info as
select
    run_parameters.*,
    count(*) as customers,
    sum(facts.order_count) as purchases,
    cast(sum(facts.net_amount) as decimal(28, 4)) as net_amount
from warehouse.landing.run_parameters as run_parameters
cross join customer_facts as facts
group by all;
