{#-
    No row lacks a part of its key, and no two rows share it. Rows are compared only where the hash of
    their keys occurs twice, which is small where a comparison of every key would not be.
-#}
{% test key_is_unique(model, columns) %}
    with
        repeated as (
            select {{ row_hash(columns) }} as key_hash
            from {{ model }}
            group by {{ row_hash(columns) }}
            having count(*) > 1
        )
    select {{ columns | join(", ") }}, count(*) as row_count
    from {{ model }}
    where {{ row_hash(columns) }} in (select key_hash from repeated)
    group by {{ columns | join(", ") }}
    having count(*) > 1
    union all
    select {{ columns | join(", ") }}, 1 as row_count
    from {{ model }}
    where {{ columns | join(" is null or ") }} is null
{% endtest %}
