{#- A view: a row per customer and scheme would be the largest table of all, and few are ever read. -#}
{{ config(materialized="view") }}
{% set schemes = explained_schemes() %}
{% set moving = [] %}
{% set judgements %}
    {% for scheme in schemes %}
        {{ judgement_of_many(scheme) if scheme.get("many") else judgement(scheme) }}
        {{ "union all" if not loop.last }}
    {% endfor %}
{% endset %}
with
    customer_classes as (select * from {{ ref("customer_classes") }}),
    customer_facts as (select * from {{ ref("customer_facts") }}),
    scheme_cuts as (select * from {{ ref("scheme_cuts") }}),
    scheme_catalogue as (select * from {{ ref("scheme_catalogue") }}),
    class_declarations as (select * from {{ ref("class_declarations") }}),

    {{ cuts_cte(without_parts(schemes), "scheme_cuts") }}
    {{ explained_customers(schemes, judgements) }}
    judgements as ({{ judgements }}),

    {% for scheme in schemes %}
        {% set probes = probes_of(scheme) %}
        {% if probes %} {% do moving.append(scheme) %} {{ probed(scheme, probes) }} {% endif %}
    {% endfor %}

    moves as (
        {% for scheme in moving %}{{ moved(scheme) }} {{ "union all" if not loop.last }}
        {% else %}{{ nobody_moved() }}
        {% endfor %}
    ),

    decisive as ({{ decisive_moves() }}),

    told as (
        select
            judgements.*,
            decisive.next_reached as next_class,
            decisive.next_measure as gap_measure,
            decisive.next_measure_en as gap_measure_en,
            decisive.next_measure_zh as gap_measure_zh,
            decisive.next_value as gap_value,
            decisive.next_bound as gap_bound,
            cast(decisive.next_bound - decisive.next_value as decimal(28, 8)) as gap,
            decisive.lost_measure,
            decisive.lost_measure_en,
            decisive.lost_measure_zh,
            decisive.lost_direction,
            decisive.lost_bound,
            decisive.lost_hold_days,
            class_declarations.author as declared_by,
            class_declarations.reason as declared_reason,
            class_declarations.last_day as declared_until,
            coalesce(judgements.class_en, own.class_en, judgements.class_code) as own_en,
            coalesce(judgements.class_zh, own.class_zh, judgements.class_code) as own_zh,
            own.condition,
            coalesce(computed.class_en, judgements.computed) as computed_en,
            coalesce(computed.class_zh, judgements.computed) as computed_zh,
            next.class_en as next_en,
            next.class_zh as next_zh,
            lost.class_code as lost_class,
            lost.class_en as lost_en,
            lost.class_zh as lost_zh
        from judgements
        left join
            decisive
            on judgements.customer_id = decisive.customer_id
            and judgements.scheme = decisive.scheme
        left join
            class_declarations
            on judgements.customer_id = class_declarations.customer_id
            and judgements.scheme = class_declarations.scheme
        left join
            scheme_catalogue as own
            on judgements.scheme = own.scheme
            and judgements.class_code = own.class_code
        left join
            scheme_catalogue as computed
            on judgements.scheme = computed.scheme
            and judgements.computed = computed.class_code
        left join
            scheme_catalogue as next
            on decisive.scheme = next.scheme
            and decisive.next_reached = next.class_code
        left join
            scheme_catalogue as lost
            on decisive.scheme = lost.scheme
            and decisive.lost_reached = lost.class_code
            -- A better class may begin before the bound of this one ends.
            and decisive.not_kept = 0
    )

select
    customer_id,
    scheme,
    class_code,
    own_en as class_en,
    own_zh as class_zh,
    decided_by,
    {{ reason_en() }} as reason_en,
    {{ reason_zh() }} as reason_zh,
    next_class,
    gap_measure,
    gap_value,
    gap_bound,
    gap,
    {{ gap_en() }} as gap_en,
    {{ gap_zh() }} as gap_zh,
    case decided_by when 'declared' then computed else lost_class end as loses_class,
    case
        when decided_by = 'computed' and lost_class is not null then lost_measure
    end as loses_measure,
    case when decided_by = 'computed' and lost_class is not null then lost_bound end as loses_below,
    {{ loses_en() }} as loses_en,
    {{ loses_zh() }} as loses_zh,
    held_until,
    declared_by,
    declared_until
from told
