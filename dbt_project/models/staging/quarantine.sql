{%- set tables = canonical_tables() %}
{%- for table in tables %}
    select
        '{{ table }}' as table_name,
        _load_id as load_id,
        _row as row_number,
        _reason as reason,
        _reason_column as column_name
    from {{ ref("landed_" ~ table) }}
    where _fate = 'quarantined' {{ "union all" if not loop.last }}
{%- endfor %}
