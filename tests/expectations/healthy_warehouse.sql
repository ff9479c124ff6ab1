-- A small company whose warehouse every suite lets pass. 40 customers, 30 of whom bought.
-- facts.customer_facts is made before, empty, with the columns and types of its contract.
create schema landing;
create schema staging;
create schema classification;

create table landing.run_parameters as
select
    date '2024-03-31' as as_of_date,
    'Asia/Shanghai' as timezone,
    'CNY' as base_currency,
    'run-1' as run_id,
    'policy-1' as policy_hash,
    timestamp '2024-04-01 06:00:00' as started_at,
    cast(0.01 as decimal(9, 8)) as max_quarantined_share,
    cast(null as varchar) as pseudonym_key_id,
    0 as smallest_group;

create table landing.supplied (table_name varchar, column_name varchar);
insert into landing.supplied
values ('orders', 'order_id'), ('orders', 'amount'), ('refunds', 'refund_id');

create table landing.loads (load_id varchar, table_name varchar, row_count bigint);
insert into landing.loads
values ('000001-shop', 'orders', 1000), ('000002-shop', 'orders', 1000), ('000003-crm', 'customers', 41);

create table staging.ledger (
    table_name varchar, load_id varchar, landed bigint, staged bigint, superseded bigint,
    duplicate bigint, deleted bigint, waiting bigint, quarantined bigint, erased bigint,
    compacted bigint
);
insert into staging.ledger
values
    ('orders', '000001-shop', 1000, 970, 2, 3, 1, 4, 10, 4, 6),
    ('orders', '000002-shop', 1000, 1000, 0, 0, 0, 0, 0, 0, 0),
    ('customers', '000003-crm', 41, 41, 0, 0, 0, 0, 0, 0, 0);

create table staging.quarantine as
select
    'orders' as table_name,
    '000001-shop' as load_id,
    range as row_number,
    'not_a_number' as reason,
    'amount' as column_name
from range(10);

-- Customer 41 was found to be customer 1.
create table staging.landed_customers as
select 'c' || range as customer_id, 'staged' as _fate
from range(1, 42);

create table staging.customer_merges as
select 'c41' as customer_id, 'c1' as surviving_customer_id;

create table staging.customers as
select customer_id
from staging.landed_customers
where customer_id <> 'c41';

-- Customer 1 to 30 bought every 25 days; every 17th order is a credit note, every 19th cancelled.
create table staging.orders as
select
    'o' || range as order_id,
    'c' || (1 + range % 30) as customer_id,
    cast(date '2024-03-31' - cast(range as integer) as date) as order_date,
    cast(
        case when range % 17 = 16 then -5 else 10 + range % 90 end as decimal(18, 4)
    ) as amount,
    case when range % 19 = 18 then 'cancelled' when range % 2 = 0 then 'completed' end as status
from range(-2, 600);

create table staging.refunds as
select
    'r' || range as refund_id,
    case when range % 2 = 0 then 'o' || (range * 10) end as order_id,
    case when range % 2 = 1 then 'c' || (1 + range) end as customer_id,
    cast(date '2024-03-31' - cast(range * 9 as integer) as date) as refund_date,
    cast(2.5 as decimal(18, 4)) as amount
from range(20);

-- One row in ten is of nobody: there is no customer 0.
create table staging.feedback as
select 'c' || (range * 4) as customer_id, date '2024-03-01' as occurred_date
from range(10);

create table staging.interactions as from staging.feedback;

create table staging.opportunities as
select customer_id, cast(occurred_date as timestamp) as created_at
from staging.feedback;

create temp table events as
select customer_id, order_date as event_date, amount as gross, 0 as refund, 1 as purchases
from staging.orders
where amount > 0 and coalesce(status, '') <> 'cancelled' and order_date <= date '2024-03-31'
union all
select customer_id, order_date, 0, -amount, 0
from staging.orders
where amount < 0 and coalesce(status, '') <> 'cancelled' and order_date <= date '2024-03-31'
union all
select coalesce(refunds.customer_id, orders.customer_id), refund_date, 0, refunds.amount, 0
from staging.refunds as refunds
left join staging.orders as orders on refunds.order_id = orders.order_id;

insert into facts.customer_facts by name
with aged as (select *, date '2024-03-31' - event_date as age from events),
summed as (
    select
        customer_id,
        sum(purchases) as order_count,
        coalesce(sum(purchases) filter (where age < 30), 0) as order_count_30d,
        coalesce(sum(purchases) filter (where age < 90), 0) as order_count_90d,
        coalesce(sum(purchases) filter (where age < 180), 0) as order_count_180d,
        coalesce(sum(purchases) filter (where age < 365), 0) as order_count_365d,
        sum(gross) as gross_amount,
        coalesce(sum(gross) filter (where age < 30), 0) as gross_amount_30d,
        coalesce(sum(gross) filter (where age < 90), 0) as gross_amount_90d,
        coalesce(sum(gross) filter (where age < 180), 0) as gross_amount_180d,
        coalesce(sum(gross) filter (where age < 365), 0) as gross_amount_365d,
        sum(refund) as refund_amount,
        coalesce(sum(refund) filter (where age < 30), 0) as refund_amount_30d,
        coalesce(sum(refund) filter (where age < 90), 0) as refund_amount_90d,
        coalesce(sum(refund) filter (where age < 180), 0) as refund_amount_180d,
        coalesce(sum(refund) filter (where age < 365), 0) as refund_amount_365d,
        min(event_date) filter (where purchases = 1) as first_order_date,
        max(event_date) filter (where purchases = 1) as last_order_date
    from aged
    group by customer_id
),
everybody as (select 'c' || (1 + range) as customer_id from range(40))
select
    everybody.customer_id,
    date '2024-03-31' as as_of_date,
    first_order_date,
    last_order_date,
    date '2024-03-31' - last_order_date as recency_days,
    date '2024-03-31' - first_order_date as tenure_days,
    case when last_order_date > first_order_date then last_order_date end as return_date,
    coalesce(columns('count|amount'), 0),
    coalesce(order_count, 0) as order_day_count,
    coalesce(order_count_365d, 0) as order_day_count_365d,
    coalesce(gross_amount - refund_amount, 0) as net_amount,
    coalesce(gross_amount_30d - refund_amount_30d, 0) as net_amount_30d,
    coalesce(gross_amount_90d - refund_amount_90d, 0) as net_amount_90d,
    coalesce(gross_amount_180d - refund_amount_180d, 0) as net_amount_180d,
    coalesce(gross_amount_365d - refund_amount_365d, 0) as net_amount_365d,
    0 as cost_amount_365d,
    12 as unit_count_365d,
    2 as category_count_365d,
    0 as contact_count_90d,
    0 as browse_count_90d,
    0.5 as on_cycle_share,
    0.25 as discount_share_365d,
    case when everybody.customer_id in ('c7', 'c8') then 'segment_frequent' end as segment_code,
    null as churn_probability
from everybody
left join summed on everybody.customer_id = summed.customer_id;

create table classification.scheme_catalogue (
    scheme varchar, class_code varchar, position bigint, theme varchar, kind varchar,
    enabled boolean, sensitive boolean, is_from_model_alone boolean, column_name varchar, column_value varchar, scheme_en varchar, scheme_zh varchar, class_en varchar, class_zh varchar,
    share_min decimal(9, 6), share_max decimal(9, 6)
);
insert into classification.scheme_catalogue
values
    ('activity', 'active', 1, 'behaviour', 'rules', true, false, false, 'activity', 'active', 'Activity', '活跃度', 'Active', '活跃', 0.5, 0.9),
    ('activity', 'lost', 2, 'behaviour', 'rules', true, false, false, 'activity', 'lost', 'Activity', '活跃度', 'Lost', '流失', null, null),
    ('activity', 'unclassified', 3, 'behaviour', 'rules', true, false, false, 'activity', 'unclassified', 'Activity', '活跃度', 'Unclassified', '未分类', null, null),
    ('rfm', 'key_value', 1, 'behaviour', 'score', true, false, false, 'rfm', 'key_value', 'RFM', 'RFM 分群', 'Key value', '重要价值', null, null),
    ('rfm', 'unclassified', 2, 'behaviour', 'score', true, false, false, 'rfm', 'unclassified', 'RFM', 'RFM 分群', 'Unclassified', '未分类', null, null),
    ('region_class', 'unknown', 1, 'profile', 'attribute', true, false, false, 'region_class', 'unknown', 'Region', '地区', 'Unknown', '未知', null, null),
    ('need_type', 'product', 1, 'relationship', 'rules', true, false, false, 'need_type_product', 'true', 'Needs', '需求类型', 'Product', '产品需求', null, null),
    ('care_level', 'high', 1, 'industry_care', 'rules', true, true, false, 'care_level', 'high', 'Care', '健康管理等级', 'High', '高', null, null),
    ('loyalty', 'high', 1, 'experience', 'score', false, false, false, 'loyalty', 'high', 'Loyalty', '忠诚度', 'High', '高', null, null);

create table classification.customer_classes as
select
    customer_id,
    as_of_date,
    case when order_count > 0 then 'active' else 'lost' end as activity,
    case when order_count > 0 then 5 end as rfm_r,
    case when order_count > 0 then cast(5 as decimal(28, 8)) end as rfm_score,
    case when order_count > 0 then 'key_value' end as rfm,
    case when order_count > 0 then 'North' else 'unknown' end as region_class,
    order_count > 0 as need_type_product
from facts.customer_facts;

create table classification.scheme_cuts as
select
    'rfm' as scheme, dimension, band, cast(bound as decimal(28, 8)) as bound, 30 as population,
    date '2024-03-01' as period, date '2024-03-05' as computed_on
from (
    values
        ('r', '2 of 5', 90), ('r', '3 of 5', 60), ('r', '4 of 5', 30), ('r', '5 of 5', 10),
        ('m', '2 of 5', 10), ('m', '3 of 5', 20), ('m', '4 of 5', 30), ('m', '5 of 5', null),
        ('n', 'top 5%', 500), ('n', 'top 20%', 90), ('n', 'p40', 10), ('n', 'p80', 90)
) as cuts (dimension, band, bound);

create table classification.cut_drift as
select scheme, dimension, 0.1 as population_stability_index
from classification.scheme_cuts
group by all;

create table classification.scheme_evaluation as
select
    scheme, measure, value, is_blocking, value > 0.1 as is_as_expected,
    case when value is null then 'Not evaluated yet.' end as note_en, false as is_suppressed
from (
    select distinct scheme from classification.scheme_catalogue where enabled and not sensitive
) as schemes
cross join (
    values ('coverage', 0.9, false), ('spearman_90d', 0.3, true), ('flips', null, null)
) as measures (measure, value, is_blocking);

create table classification.segments as
from (
    values
        ('segment_frequent', 'Frequent', '高频', 'purchase count in 365 days at least 3', '近365天购买次数不低于 3', 'order_count_365d'),
        ('segment_infrequent', 'Infrequent', '低频', 'purchase count in 365 days below 3', '近365天购买次数低于 3', 'order_count_365d')
) as segments (segment_code, label_en, label_zh, rule_en, rule_zh, feature);

create table classification.segment_mapping as
from (
    values
        ('segment_frequent', 'segment_frequent', 'kept'),
        (null, 'segment_infrequent', 'new'),
        ('segment_new', 'segment_frequent', 'ended')
) as mapped (previous_code, segment_code, fate);

create table classification.segment_evidence as
select 'segments' as measure, '2 segments are published.' as told_en, '发布 2 个分群。' as told_zh;

create table classification.contradictions as
select 'lifecycle' as theme, 'order_count < 0' as rule, 0 as customers;

create table staging.declared_classes as
select 'c7' as customer_id, 'rfm' as scheme, 'key_value' as class_code
union all
select 'c7', 'region_class', 'Somewhere';

create table classification.class_declarations as
select
    *, date '2024-03-30' as declared_date, date '2024-03-31' as last_day
from staging.declared_classes;

create table classification.declarations_in_force as
from classification.class_declarations;

create table classification.class_changes as
select customer_id, as_of_date, 'activity' as scheme, true as is_expected
from classification.customer_classes
union all
-- Of an earlier day, and of a scheme that expects nothing.
select 'c7', date '2024-03-30', 'activity', false
union all
select 'c7', date '2024-03-31', 'rfm', null;

create table classification.scheme_distribution as
with classed as (
    unpivot (select columns(* exclude (customer_id, as_of_date))::varchar from classification.customer_classes)
    on columns(*) into name column_name value column_value
),
counted as (
    select known.scheme, known.class_code, known.position, count(classed.column_name) as customers
    from classification.scheme_catalogue as known
    left join classed using (column_name, column_value)
    where known.enabled and not known.sensitive
    group by all
    union all
    -- A value of an attribute that nobody listed.
    select 'region_class', 'North', null, 30
)
select
    scheme,
    class_code,
    position,
    date '2024-03-31' as as_of_date,
    customers,
    sum(customers) over (partition by scheme) as classified,
    cast(customers / classified as decimal(28, 8)) as share,
    100.0 as net_amount_365d,
    share as net_share,
    false as is_suppressed
from counted;

create table classification.position_categories as
from (
    values ('sales', 'Sales', '销售'), ('service', 'Customer service', '客户服务')
) as categories (category_code, category_en, category_zh);

create table classification.positions as
from (
    values
        ('sales_manager', 'sales', 'Sales manager', '销售经理'),
        ('service_agent', 'service', 'Customer service agent', '客服专员')
) as positions (position_code, category_code, position_en, position_zh);

-- loyalty is switched off and lost has no budget: neither is missing. A region is a class as it comes.
create table classification.tier_playbook as
from (
    values
        ('region_class', 'unknown', 'Ask where they are', '询问所在地区', 'service_agent', null),
        ('need_type', 'product', 'Offer', '推荐产品', 'service_agent', null),
        ('care_level', 'high', 'Call first', '优先回访', 'service_agent', null),
        ('activity', 'active', 'Thank and recommend', '致谢并推荐', 'service_agent', 40.0),
        ('activity', 'lost', 'Ask for the reason', '询问原因', 'service_agent', null),
        ('rfm', 'key_value', 'Name a contact person', '指定专属联系人', 'sales_manager', 500.0),
        ('region_class', 'north', 'Invite to the fair', '邀请参加展会', 'sales_manager', 20.0)
) as playbook (scheme, class_code, action_en, action_zh, owner, budget_per_customer);

-- loyalty is switched off: the right to it brings nothing yet.
create table classification.seed_audience_columns as
from (
    values
        ('marketing', 'customer_facts', 'city'),
        ('marketing', 'customer_classes', 'rfm'),
        ('marketing', 'customer_classes', 'loyalty')
) as rights (audience, table_name, column_name);

create table classification.audience_columns as
from (
    values
        ('marketing', 'customer_facts', 'city', null),
        ('marketing', 'customer_classes', 'rfm_r', 'rfm'),
        ('marketing', 'customer_classes', 'rfm_score', 'rfm'),
        ('marketing', 'customer_classes', 'rfm', 'rfm')
) as columns (audience, table_name, column_name, scheme);
