{#-
    What moves a customer from one class to another. A probe sets one number: to a bound of a better class
    that lacks nothing else, or to a bound of the class that the customer has and one step beyond it. The
    scheme is then evaluated again as it stands, so that what is said of a move is true.
-#}
{#-
    Customers with each probe that may move them: with the one number set, and all else as it is. What is
    declared stays whatever the numbers are.
-#}
{% macro probed(scheme, probes) %}
    {%- set measures = measures_of(probes) %}
    {{ scheme.id }}_probed as (
        select
            customer_id,
            {{ scheme.id }} as _class,
            {{ place_of(scheme) }} as _place,
            probes.*,
            {{ bound_of(probes) }} as _bound,
            {{ value_of(probes) }} as _value,
            case
                when not _is_beyond
                then _bound
                when {{ decided_by(scheme) }} = 'hold'
                then _value
                else _bound - _direction * _step
            end as _target
            {%- for column in scheme.reads if column not in measures %}
                , {{ column.name }}
            {%- endfor %}
            {%- for bound in scheme.bounds %}, {{ bound }} {%- endfor %}
            {%- for measure in measures %}
                ,
                case
                    when _measure = {{ text_literal(measure.name) }}
                    then try_cast(_target as {{ measure.type }})
                    else {{ measure.sql }}
                end as {{ measure.alias }}
            {%- endfor %}
        from customers as cuts
        cross join {{ probes_table(probes) }}
        where
            {{ scheme.id }} is not null
            and {{ decided_by(scheme) }} <> 'declared'
            and (
                _code = {{ scheme.id }}
                and (_is_beyond or {{ decided_by(scheme) }} <> 'hold')
                or not _is_beyond
                and _to < {{ place_of(scheme) }}
                and {{ parent_of(scheme) }} = _sibling_of
                and {{ failing_parts(probes) }} = 1
            )
    ),
{%- endmacro %}

{#- What the scheme makes of them, wherever the number was not beyond the bound already. -#}
{% macro moved(scheme) %}
    {%- set own = dict(scheme, by="_by") if has_expression(scheme) else scheme %}
    select
        customer_id,
        '{{ scheme.id }}' as scheme,
        _class,
        _code,
        _is_beyond,
        _probe,
        _measure,
        _measure_en,
        _measure_zh,
        _direction,
        _bound,
        _value,
        {{ computed_class(own) }} as _computed,
        {{ after_hold(scheme, "_computed") }} as _reached,
        cast({{ scheme.hold.days if "hold" in scheme else "null" }} as bigint) as _hold_days
    from {{ scheme.id }}_probed as cuts
    where
        _code = _class
        or case
            _direction
            when 1
            then _bound > _value
            when -1
            then _bound < _value
            else _bound <> _value
        end
{%- endmacro %}

{#- The same of a policy without any class that hangs on a number. -#}
{% macro nobody_moved() %}
    select
        customer_id
        {%- for name in [
            "scheme",
            "_class",
            "_code",
            "_measure",
            "_measure_en",
            "_measure_zh",
            "_reached",
        ] %}, cast(null as {{ dbt.type_string() }}) as {{ name }} {%- endfor %},
        false as _is_beyond
        {%- for name in ["_probe", "_direction", "_hold_days"] %}
            , cast(null as bigint) as {{ name }}
        {%- endfor %}
        {%- for name in ["_bound", "_value"] %}
            , cast(null as decimal(28, 8)) as {{ name }}
        {%- endfor %}
    from customers
    where false
{%- endmacro %}

{#- The move to the nearest better class, and the one that the first bound of its own class prevents. -#}
{% macro decisive_moves() %}
    select
        customer_id,
        scheme,
        {%- for column in ["reached", "measure", "measure_en", "measure_zh", "value", "bound"] %}
            max_by(_{{ column }}, _probe) filter (
                where _code <> _class and _reached = _code
            ) as next_{{ column }},
        {%- endfor %}
        {%- for column in [
            "reached",
            "measure",
            "measure_en",
            "measure_zh",
            "direction",
            "bound",
            "hold_days",
        ] %}
            min_by(_{{ column }}, _probe) filter (
                where _is_beyond and _reached <> _class
            ) as lost_{{ column }},
        {%- endfor %}
        count(*) filter (where _code = _class and not _is_beyond and _reached <> _class) as not_kept
    from moves
    group by customer_id, scheme
{%- endmacro %}
