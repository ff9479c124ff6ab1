with
    shared_contacts as (select * from {{ ref("shared_contacts") }} where not is_common),
    customer_merges as (
        select customer_id, surviving_customer_id from {{ ref("customer_merges") }}
    ),
    pairs as (
        select
            one.customer_id,
            other.customer_id as other_customer_id,
            count(*) filter (where one.kind = 'phone') > 0 as has_same_phone,
            count(*) filter (where one.kind = 'email') > 0 as has_same_email,
            count(*) filter (where one.kind = 'registration_code') > 0 as has_same_registration_code
        from shared_contacts as one
        inner join
            shared_contacts as other
            on one.kind = other.kind
            and one.contact_key = other.contact_key
            and one.customer_id < other.customer_id
        group by one.customer_id, other.customer_id
    )
select
    pairs.customer_id,
    pairs.other_customer_id,
    pairs.has_same_phone,
    pairs.has_same_email,
    pairs.has_same_registration_code,
    coalesce(merge_of_one.surviving_customer_id, pairs.customer_id)
    = coalesce(merge_of_other.surviving_customer_id, pairs.other_customer_id) as is_merged
from pairs
left join customer_merges as merge_of_one on pairs.customer_id = merge_of_one.customer_id
left join customer_merges as merge_of_other on pairs.other_customer_id = merge_of_other.customer_id
