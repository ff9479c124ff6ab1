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
            case
                judgements.decided_by
                when 'declared'
                then judgements.computed
                else decisive.lost_reached
            end as loses_class,
            case
                when judgements.decided_by = 'computed' then decisive.lost_measure
            end as loses_measure,
            decisive.lost_measure_en as loses_measure_en,
            decisive.lost_measure_zh as loses_measure_zh,
            decisive.lost_direction as loses_direction,
            case
                when judgements.decided_by = 'computed' then decisive.lost_bound
            end as loses_below,
            decisive.lost_hold_days as hold_days,
            class_declarations.author as declared_by,
            class_declarations.reason as declared_reason,
            class_declarations.last_day as declared_until
        from judgements
        left join
            decisive
            on judgements.customer_id = decisive.customer_id
            and judgements.scheme = decisive.scheme
        left join
            class_declarations
            on judgements.customer_id = class_declarations.customer_id
            and judgements.scheme = class_declarations.scheme
    ),

    labelled as (
        select
            told.*,
            coalesce(told.class_en, own.class_en, told.class_code) as own_en,
            coalesce(told.class_zh, own.class_zh, told.class_code) as own_zh,
            coalesce(computed.class_en, told.computed) as computed_en,
            coalesce(computed.class_zh, told.computed) as computed_zh,
            next.class_en as next_en,
            next.class_zh as next_zh,
            lost.class_en as loses_label_en,
            lost.class_zh as loses_label_zh,
            own.condition
        from told
        left join
            scheme_catalogue as own on told.scheme = own.scheme and told.class_code = own.class_code
        left join
            scheme_catalogue as computed
            on told.scheme = computed.scheme
            and told.computed = computed.class_code
        left join
            scheme_catalogue as next
            on told.scheme = next.scheme
            and told.next_class = next.class_code
        left join
            scheme_catalogue as lost
            on told.scheme = lost.scheme
            and told.loses_class = lost.class_code
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
    loses_class,
    loses_measure,
    loses_below,
    {{ loses_en() }} as loses_en,
    {{ loses_zh() }} as loses_zh,
    held_until,
    declared_by,
    declared_until
from labelled
