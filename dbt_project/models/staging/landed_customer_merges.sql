with recursive
    landed as ({{ landed_rows("customer_merges") }}),
    merges as (select customer_id, into_customer_id from landed where _fate = 'staged'),
    reached as ({{ reached_ids() }}),
    ends as (
        select reached.customer_id, reached.reached_id as surviving_customer_id
        from reached
        left join merges on reached.reached_id = merges.customer_id
        where merges.customer_id is null
    ),
    followed as (
        select
            landed.*,
            ends.surviving_customer_id,
            landed._fate = 'staged' and ends.surviving_customer_id is null as is_endless
        from landed
        left join ends on landed.customer_id = ends.customer_id
    )
select
    _load_id,
    _row,
    {%- for name in canonical_names("customer_merges") %} {{ name }}, {%- endfor %}
    surviving_customer_id,
    case when is_endless then 'quarantined' else _fate end as _fate,
    case when is_endless then 'merged_in_a_circle' else _reason end as _reason,
    case when is_endless then 'into_customer_id' else _reason_column end as _reason_column
from followed
