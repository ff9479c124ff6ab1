{#- What a load keeps no more met its fate outside of staging: its receipt counts it. -#}
{%- set fates = ["staged", "superseded", "duplicate", "deleted", "waiting", "quarantined"] %}
with
    loads as (
        select load_id, table_name, row_count, erased_count, compacted_count
        from {{ source("landing", "loads") }}
    ),
    fates as (
        {%- for table in canonical_tables() %}
            select _load_id, _fate, count(*) as row_count
            from {{ ref("landed_" ~ table) }}
            group by _load_id, _fate {{ "union all" if not loop.last }}
        {%- endfor %}
    )
select
    loads.table_name,
    loads.load_id,
    cast(loads.row_count as bigint) as landed
    {%- for fate in fates %}
        ,
        cast(
            coalesce(
                sum(case when fates._fate = '{{ fate }}' then fates.row_count end), 0
            ) as bigint
        ) as {{ fate }}
    {%- endfor %},
    cast(loads.erased_count as bigint) as erased,
    cast(loads.compacted_count as bigint) as compacted
from loads
left join fates on loads.load_id = fates._load_id
group by loads.table_name, loads.load_id, loads.row_count, loads.erased_count, loads.compacted_count
