{#-
    Keys that several rows share or that lack a part. Rows are compared only where the hash of their keys
    occurs twice, which is small where a comparison of every key would not be.
-#}
{% macro faulty_keys(relation, columns) %}
    with
        repeated as (
            select {{ row_hash(columns) }} as key_hash
            from {{ relation }}
            group by {{ row_hash(columns) }}
            having count(*) > 1
        )
    select {{ columns | join(", ") }}, count(*) as row_count
    from {{ relation }}
    where {{ row_hash(columns) }} in (select key_hash from repeated)
    group by {{ columns | join(", ") }}
    having count(*) > 1
    union all
    select {{ columns | join(", ") }}, 1 as row_count
    from {{ relation }}
    where {{ columns | join(" is null or ") }} is null
{% endmacro %}
