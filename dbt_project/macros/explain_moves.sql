{#-
    What moves a customer from one class to another. A probe sets one number: to a bound of a better class
    that lacks nothing else, or one step beyond a bound of the class that the customer has. The scheme is
    then evaluated again as it stands, so that what is said of a move is true.
-#}
{#- The parts of a scheme's classes that hang on one number, in the order of its classes. -#}
{% macro probes_of(scheme) %}
    {% set probes = [] %}
    {% for class in scheme.explained %}
        {% for part in class.parts if part.measure %}
            {% do probes.append(dict(part, class=class, number=probes | length + 1)) %}
        {% endfor %}
    {% endfor %}
    {% do return(probes) %}
{% endmacro %}

{% macro measures_of(probes) %}
    {% do return(probes | map(attribute="measure") | unique(attribute="name") | list) %}
{% endmacro %}

{#- What every move tells beside the customer. -#}
{% macro move_columns() %}
    {% do return(
        "_class, _place, _to, _code, _probe, _measure, _measure_en, _measure_zh, _direction, _bound, _value"
    ) %}
{% endmacro %}

{#- Customers with each probe that may move them. What is declared stays whatever the numbers are. -#}
{% macro probed(scheme, probes) %}
    {{ scheme.id }}_probed as (
        select
            judged.*,
            probes.*,
            {{ bound_of(probes) }} as _bound,
            {{ value_of(probes) }} as _value,
            case
                when _to < _place or _direction = 0
                then _bound
                when _direction = 1
                then least(_bound - _step, _value)
                else greatest(_bound + _step, _value)
            end as _target
        from {{ scheme.id }}_judged as judged
        cross join cuts
        cross join {{ probes_table(probes) }}
        where
            _decided_by <> 'declared'
            and (
                _to = _place
                or _to < _place
                and _parent = _sibling_of
                and case
                    _to
                    {%- for class in probes | map(attribute="class") | unique(attribute="place") %}
                        when {{ class.place }} then _failing_{{ class.place }}
                    {%- endfor %}
                end
                = 1
            )
    ),
{%- endmacro %}

{% macro bound_of(probes) -%}
    cast(
        case
            _probe {%- for probe in probes %} when {{ probe.number }} then {{ probe.bound }} {%- endfor %}
        end as decimal(28, 8)
    )
{%- endmacro %}

{% macro value_of(probes) -%}
    cast(
        case
            _measure
            {%- for measure in measures_of(probes) %}
                when {{ text_literal(measure.name) }} then {{ measure.sql }}
            {%- endfor %}
        end as decimal(28, 8)
    )
{%- endmacro %}

{% macro probes_table(probes) %}
    (
        values
            {%- for probe in probes %}
                (
                    {{ probe.number }},
                    {{ probe.class.place }},
                    '{{ probe.class.code }}',
                    '{{ probe.class.parent }}',
                    {{ text_literal(probe.measure.name) }},
                    {{ text_literal(probe.measure.en) }},
                    {{ text_literal(probe.measure.zh) }},
                    {{ probe.direction }},
                    {{ smallest_step(probe.measure.decimals) }}
                ){{ "," if not loop.last }}
            {%- endfor %}
    ) as probes(
        _probe, _to, _code, _sibling_of, _measure, _measure_en, _measure_zh, _direction, _step
    )
{%- endmacro %}

{#- The same customers with the one number set, and all else as it is. -#}
{% macro supposed(scheme, probes) %}
    {%- set measures = measures_of(probes) %}
    {{ scheme.id }}_supposed as (
        select
            customer_id,
            {%- for column in scheme.reads if column not in measures %} {{ column.name }},{% endfor %}
            {%- for measure in measures %}
                case
                    when _measure = {{ text_literal(measure.name) }}
                    then try_cast(_target as {{ measure.type }})
                    else {{ measure.sql }}
                end as {{ measure.sql }},
            {%- endfor %}
            {{ move_columns() }}
        from {{ scheme.id }}_probed
        where
            _to = _place
            or case
                _direction
                when 1
                then _bound > _value
                when -1
                then _bound < _value
                else _bound <> _value
            end
    ),
{%- endmacro %}

{#- What the scheme makes of them. -#}
{% macro moved(scheme) %}
    {%- set own = dict(scheme, by="_by") if scheme.measure and scheme.measure.sql == "_by" else scheme %}
    select
        customer_id,
        '{{ scheme.id }}' as scheme,
        {{ move_columns() }},
        {{ computed_class(own) }} as _computed,
        {{ after_hold(scheme, "_computed") }} as _reached,
        cast({{ scheme.hold.days if "hold" in scheme else "null" }} as bigint) as _hold_days
    from {{ scheme.id }}_supposed
    cross join cuts
{%- endmacro %}

{#- What decides a move that is told: of the better classes the nearest, of the bounds of its own the first. -#}
{% macro chosen_moves(order) %}
    select
        customer_id,
        scheme,
        {%- for column in ["_reached", "_measure", "_measure_en", "_measure_zh", "_direction", "_bound", "_value", "_hold_days"] %}
            {{ order }} ({{ column }}, _probe) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from moves
{%- endmacro %}
