{#-
    Every landed row of a table, typed, with its fate and, when quarantined, the reason and column.

    A key that occurs once needs no comparing, and nearly all do. So the keys that occur more often are
    found first, by the hash of the key alone, and only their rows are ranked against each other.
-#}
{% macro landed_rows(table) %}
    {%- set columns = canonical_columns(table) %}
    {%- set names = columns | map(attribute="name") | list %}
    {%- set keys = canonical_meta(table).get("key", []) | join(", ") %}
    with
        run as (select timezone from {{ source("landing", "run_parameters") }}),
        repeated_keys as (
            select {{ key_hash(table) }} as key_hash
            from {{ source("landing", table) }} as landed
            cross join run
            where not landed._superseded
            group by {{ key_hash(table) }}
            having count(*) > 1
        ),
        judged as ({{ judged_rows(table) }}),
        contenders as (
            select judged.*, {{ row_hash(names) }} as content_hash
            from
                (
                    {{
                        judged_rows(
                            table,
                            "where "
                            ~ key_hash(table)
                            ~ " in (select key_hash from repeated_keys)",
                        )
                    }}
                ) as judged
            where judged.problem is null and not judged._superseded
        ),
        ranked as (
            select
                contenders.*,
                {# the greatest updated_at, then the later load -#}
                rank() over (
                    partition by {{ keys }}
                    order by
                        {{ "updated_at desc nulls last," if "updated_at" in names }} _sequence desc
                ) as version_place,
                row_number() over version_copies as copy_place,
                min(content_hash) over version <> max(content_hash) over version as is_conflicting,
                min(_entry) over key_rows <> max(_entry) over key_rows
                and not bool_and(_shared_keys) over key_rows as is_from_two_entries
            from contenders
            window
                key_rows as (partition by {{ keys }}),
                version as (
                    partition by {{ keys }}{{ ", updated_at" if "updated_at" in names }}, _sequence
                ),
                version_copies as (
                    partition by {{ keys }}{{ ", updated_at" if "updated_at" in names }}, _sequence
                    order by _row
                )
        ),
        contested as (
            select
                ranked.*,
                min(case when not is_conflicting then version_place end) over (
                    partition by {{ keys }}
                ) as standing_place
            from ranked
        ),
        resolved as (
            select
                _sequence,
                _row,
                case
                    when is_from_two_entries
                    then 'key_from_two_entries:{{ names | first }}'
                    when version_place < coalesce(standing_place, version_place + 1)
                    then 'conflicting_versions:{{ names | first }}'
                end as problem,
                case
                    when version_place > standing_place
                    then 'superseded'
                    when copy_place > 1
                    then 'duplicate'
                end as lesser_fate
            from contested
        ),
        decided as (
            select
                judged.*,
                coalesce(judged.problem, resolved.problem) as final_problem,
                resolved.lesser_fate
            from judged
            left join
                resolved on judged._sequence = resolved._sequence and judged._row = resolved._row
        )
    select
        _load_id,
        _row,
        {%- for name in names %} {{ name }}, {%- endfor %}
        case
            when _superseded
            then 'superseded'
            when final_problem is not null
            then 'quarantined'
            when lesser_fate is not null
            then lesser_fate
            {%- if "is_deleted" in names %} when is_deleted then 'deleted' {%- endif %}
            else 'staged'
        end as _fate,
        case when not _superseded then split_part(final_problem, ':', 1) end as _reason,
        case
            when not _superseded then nullif(split_part(final_problem, ':', 2), '')
        end as _reason_column
    from decided
{% endmacro %}
