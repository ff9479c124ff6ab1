{#-
    What moves a customer from one class to another. A probe sets one number to a bound of a class: of a
    better one that lacks nothing else, or one step beyond a bound of the class that the customer has.
    The scheme is then evaluated again as it stands, so that what is said of a move is true.

    Names that begin with an underscore are of the explanation; no policy can have them.
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

{#- The probes of each customer: only those that may move it. -#}
{% macro probed(scheme, probes) %}
    {{ scheme.id }}_probed as (
        select
            judged.*,
            probes.*,
            cast(
                case
                    probes._probe
                    {%- for probe in probes %}
                        when {{ probe.number }} then {{ probe.bound }}
                    {%- endfor %}
                end as decimal(28, 8)
            ) as _bound,
            cast(
                case
                    probes._measure
                    {%- for measure in measures_of(probes) %}
                        when {{ quoted(measure.name) }} then {{ measure.sql }}
                    {%- endfor %}
                end as decimal(28, 8)
            ) as _value
        from {{ scheme.id }}_judged as judged
        cross join cuts
        cross join
            (
                values
                    {%- for probe in probes %}
                        (
                            {{ probe.number }},
                            {{ probe.class.place }},
                            {{ quoted(probe.class.code) }},
                            {{ quoted(probe.measure.name) }},
                            {{ probe.direction }},
                            {{ smallest_step(probe.measure.decimals) }},
                            {{ quoted(probe.measure.en) }},
                            {{ quoted(probe.measure.zh) }}
                        ){{ "," if not loop.last }}
                    {%- endfor %}
            ) as probes(_probe, _to, _code, _measure, _direction, _step, _measure_en, _measure_zh)
        where
            judged._place = probes._to
            or (
                judged._place > probes._to
                and case
                    probes._to
                    {%- for class in probes | map(attribute="class") | unique(attribute="place") %}
                        when {{ class.place }} then judged._failing_{{ class.place }}
                    {%- endfor %}
                end
                = 1
            )
    ),
{%- endmacro %}

{% macro measures_of(probes) %}
    {% do return(probes | map(attribute="measure") | unique(attribute="name") | list) %}
{% endmacro %}

{#- The same customers with the one number set, and all else as it is. -#}
{% macro supposed(scheme, probes) %}
    {%- set measures = measures_of(probes) %}
    {{ scheme.id }}_supposed as (
        select
            customer_id,
            {%- for column in scheme.reads if column not in measures %} {{ column.name }},{% endfor %}
            {%- for measure in measures %}
                case
                    when _measure <> {{ quoted(measure.name) }}
                    then {{ measure.sql }}
                    when _place = _to
                    then try_cast(_bound - _direction * _step as {{ measure.type }})
                    else try_cast(_bound as {{ measure.type }})
                end as {{ measure.sql }},
            {%- endfor %}
            _class,
            _place,
            _probe,
            _to,
            _code,
            _measure,
            _measure_en,
            _measure_zh,
            _direction,
            _bound,
            _value
        from {{ scheme.id }}_probed
        where
            _place = _to
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
    select
        customer_id,
        '{{ scheme.id }}' as scheme,
        _class,
        _place,
        _probe,
        _to,
        _code,
        _measure,
        _measure_en,
        _measure_zh,
        _direction,
        _bound,
        _value,
        {{ computed_class(scheme) }} as _reached
    from {{ scheme.id }}_supposed
    cross join cuts
{%- endmacro %}
