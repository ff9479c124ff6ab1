{#-
    The same of the rows of a landed table that were staged. A run decides on all rows of a key or on none,
    so the rows that it decided on are enough: those of before were looked at then.
-#}
{% test staged_key_is_unique(model, columns) %}
    with
        run as (select run_id from {{ source("landing", "run_parameters") }}),
        decided as (
            select landed.*
            from {{ model }} as landed
            inner join run on landed._run_id = run.run_id
            where landed._fate = 'staged'
        )
    select *
    from ({{ faulty_keys("decided", columns) }})
{% endtest %}
