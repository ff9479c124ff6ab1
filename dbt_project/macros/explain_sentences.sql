{#- Whole sentences, of customers with the labels of their classes. -#}
{#- Why the customer is in its class. -#}
{% macro reason_en() %}
    case
        decided_by
        when 'declared'
        then
            own_en
            || ', declared by '
            || declared_by
            || ' until '
            || cast(declared_until as {{ dbt.type_string() }})
            || coalesce(': “' || declared_reason || '”', '')
            || '. '
            || coalesce(
                'Computed: ' || computed_en || ', ' || details_en || '.', 'Nothing is computed.'
            )
        when 'hold'
        then
            own_en
            || ', held: below it since '
            || cast(below_since as {{ dbt.type_string() }})
            || '; '
            || computed_en
            || ' is computed now, '
            || details_en
            || '. It may fall from '
            || cast(held_until as {{ dbt.type_string() }})
            || ' on.'
        else own_en || ': ' || details_en || '.'
    end
{%- endmacro %}

{% macro reason_zh() %}
    case
        decided_by
        when 'declared'
        then
            own_zh
            || '，由 '
            || declared_by
            || ' 认定，有效至 '
            || cast(declared_until as {{ dbt.type_string() }})
            || coalesce('：“' || declared_reason || '”', '')
            || '。'
            || coalesce('计算结果为' || computed_zh || '：' || details_zh || '。', '无计算结果。')
        when 'hold'
        then
            own_zh
            || '，保级中：自 '
            || cast(below_since as {{ dbt.type_string() }})
            || ' 起低于该等级；当前计算结果为'
            || computed_zh
            || '，'
            || details_zh
            || '。最早于 '
            || cast(held_until as {{ dbt.type_string() }})
            || ' 降级。'
        else own_zh || '：' || details_zh || '。'
    end
{%- endmacro %}

{#- What reaches the next class. -#}
{% macro gap_en() %}
    next_en
    || ' when '
    || gap_measure_en
    || case when gap > 0 then ' reaches ' else ' drops to ' end
    || {{ number_text("gap_bound") }}
    || ', '
    || {{ number_text("abs(gap)") }}
    || case when gap > 0 then ' more than now.' else ' less than now.' end
{%- endmacro %}

{% macro gap_zh() %}
    gap_measure_zh
    || case when gap > 0 then '达到 ' else '降到 ' end
    || {{ number_text("gap_bound") }}
    || ' 时为'
    || next_zh
    || case when gap > 0 then '，还差 ' else '，还需减少 ' end
    || {{ number_text("abs(gap)") }}
    || '。'
{%- endmacro %}

{#- What would lose the class. A declared one ends by itself; one that is held ends unless it is earned again. -#}
{% macro loses_en() %}
    case
        when decided_by = 'declared'
        then
            coalesce(computed_en, 'No class')
            || ' after '
            || cast(declared_until as {{ dbt.type_string() }})
            || '.'
        when decided_by = 'hold'
        then lost_en || ' unless this holds again: ' || condition || '.'
        else
            coalesce(
                lost_en
                || ' when '
                || lost_measure_en
                || case when lost_direction > 0 then ' falls below ' else ' rises above ' end
                || {{ number_text("lost_bound") }}
                || coalesce(
                    ' for ' || cast(lost_hold_days as {{ dbt.type_string() }}) || ' days', ''
                )
                || '.',
                left_en,
                'Left when this no longer holds: ' || condition || '.'
            )
    end
{%- endmacro %}

{% macro loses_zh() %}
    case
        when decided_by = 'declared'
        then
            cast(declared_until as {{ dbt.type_string() }})
            || ' 之后为'
            || coalesce(computed_zh, '无类别')
            || '。'
        when decided_by = 'hold'
        then '除非重新满足以下条件，否则降为' || lost_zh || '：' || condition || '。'
        else
            coalesce(
                lost_measure_zh
                || case when lost_direction > 0 then '低于 ' else '高于 ' end
                || {{ number_text("lost_bound") }}
                || coalesce(
                    ' 并持续 ' || cast(lost_hold_days as {{ dbt.type_string() }}) || ' 天后变为', ' 时变为'
                )
                || lost_zh
                || '。',
                left_zh,
                '不再满足以下条件时离开：' || condition || '。'
            )
    end
{%- endmacro %}
