{#-
    Every landed row of a table, typed, with its fate and, when quarantined, the reason and column.

    A key that occurs once needs no comparing, and nearly all do. So the keys that occur more often are
    found first, by the hash of the key alone, and only their rows are ranked against each other.

    A build that continues judges the rows that came, and decides again on all rows of their keys and
    of those that `changed_too`, a query, names.
-#}
{% macro landed_rows(table, changed_too=none) %}
    {%- set names = canonical_names(table) %}
    {%- set keys = canonical_meta(table).get("key", []) | join(", ") %}
    {%- set arrived = source("landing", "arrived_" ~ table) %}
    {#- the greatest updated_at, then the later load #}
    {%- set newest_first = "version_at desc nulls last, _sequence desc nulls last" %}
    {#- a key that one entry has deleted stands while another has it: what is gone comes last #}
    {%- set by_version = "partition by " ~ keys ~ " order by is_gone nulls last, " ~ newest_first %}
    with
        run as (select timezone, run_id from {{ source("landing", "run_parameters") }}),
        {% if is_incremental() %} {{ rows_to_decide_again(table, arrived, changed_too) }}
        {% else %} {{ rows_to_decide(table) }}
        {% endif %},
        contenders as (
            select
                repeated.*,
                {{ row_hash(names) }} as content_hash,
                {#- clocks go back: where every version names its instant, these are compared #}
                case
                    when count(updated_at) over of_key = count(_updated_instant) over of_key
                    then _updated_instant
                    else updated_at
                end as version_at
            from repeated
            where repeated.problem is null and not repeated._superseded
            window of_key as (partition by {{ keys }})
        ),
        entered as (
            select
                contenders.*,
                coalesce(
                    first_value(is_deleted) over (
                        partition by {{ keys }}, _entry
                        order by {{ newest_first }}, is_deleted nulls first
                    ),
                    false
                ) as is_gone
            from contenders
        ),
        versions as (
            select
                entered.*,
                rank() over by_version as place,
                _row = min(_row) over this_version as is_first_copy,
                min(content_hash) over this_version
                <> max(content_hash) over this_version as is_torn,
                min(_entry) over all_versions <> max(_entry) over all_versions
                and not bool_and(_shared_keys) over all_versions as is_from_two_entries
            from entered
            {#- one order for all of them, so that the rows are sorted once #}
            window
                by_version as ({{ by_version }}),
                this_version as ({{ by_version }} range between current row and current row),
                all_versions as (
                    {{ by_version }} rows between unbounded preceding and unbounded following
                )
        ),
        contested as (
            select
                versions.*,
                {#- the best version that does not contradict itself #}
                min(case when not is_torn then place end) over (partition by {{ keys }}) as standing
            from versions
        ),
        resolved as (
            select
                _sequence,
                _row,
                case
                    when is_from_two_entries
                    then 'key_from_two_entries:{{ names | first }}'
                    when place < coalesce(standing, place + 1)
                    then 'conflicting_versions:{{ names | first }}'
                end as problem,
                case
                    when place > standing then 'superseded' when not is_first_copy then 'duplicate'
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
            when is_deleted
            then 'deleted'
            else 'staged'
        end as _fate,
        case when not _superseded then split_part(final_problem, ':', 1) end as _reason,
        case
            when not _superseded then nullif(split_part(final_problem, ':', 2), '')
        end as _reason_column,
        {#- for the build that continues #}
        problem as _problem,
        _updated_instant,
        _key_hash,
        run.run_id as _run_id
    from decided
    cross join run
{% endmacro %}

{#- Every landed row as `judged`, and those whose key occurs more than once as `repeated`. -#}
{% macro rows_to_decide(table) %}
    {%- set key = key_hash(table) -%}
    repeated_keys as (
        select {{ key }} as key_hash
        from {{ source("landing", table) }} as landed
        cross join run
        where not landed._superseded
        group by {{ key }}
        having count(*) > 1
    ),
    judged as ({{ judged_rows(table, source("landing", table)) }}),
    repeated as (
        {{
            judged_rows(
                table,
                source("landing", table),
                "where " ~ key ~ " in (select key_hash from repeated_keys)",
            )
        }}
    )
{% endmacro %}

{#- The same of the keys that came or changed. What stood of them need not be read or typed again. -#}
{% macro rows_to_decide_again(table, arrived, changed_too) %}
    {%- set columns = canonical_names(table) | join(", landed.") -%}
    loads as (select * from {{ source("landing", "loads") }}),
    arrived as ({{ judged_rows(table, arrived) }}),
    changed_keys as (
        select _key_hash
        from arrived
        {%- if changed_too %}
            union
            {{ changed_too }}
        {%- endif %}
    ),
    stood as (
        select
            landed._load_id,
            loads.sequence as _sequence,
            landed._row,
            loads.entry as _entry,
            loads.shares_keys as _shared_keys,
            loads.is_superseded as _superseded,
            landed.{{ columns }},
            landed._problem as problem,
            landed._updated_instant,
            landed._key_hash
        from {{ this }} as landed
        inner join loads on landed._load_id = loads.load_id
        where
            landed._key_hash in (select _key_hash from changed_keys)
            and landed._load_id not in (select _load_id from arrived)
    ),
    judged as (
        select *
        from arrived
        union all
        select *
        from stood
    ),
    repeated as (
        select *
        from judged
        where
            _key_hash in (
                select _key_hash
                from judged
                where not _superseded
                group by _key_hash
                having count(*) > 1
            )
    )
{% endmacro %}
