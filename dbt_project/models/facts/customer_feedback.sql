{{ continued(replacing="touched_customers") }}
with
    windows as (select * from {{ ref("windows") }}),
    all_feedback as (select * from {{ ref("feedback") }} {{ of_touched_customers() }}),
    feedback as (
        select all_feedback.*
        from all_feedback
        cross join windows
        where all_feedback.occurred_date <= windows.as_of_date
    ),
    scores as (
        select customer_id, kind as measure, occurred_at, feedback_id, score
        from feedback
        cross join windows
        where kind in ('csat', 'nps') and score is not null and occurred_date >= windows.since_365d
        union all
        select customer_id, topic as measure, occurred_at, feedback_id, score
        from feedback
        cross join windows
        where
            kind in ('csat', 'review')
            and topic is not null
            and score is not null
            and occurred_date >= windows.since_365d
    ),
    ranked_scores as (
        select
            scores.*,
            row_number() over (
                partition by customer_id, measure
                order by occurred_at desc nulls last, feedback_id desc nulls last
            ) as place
        from scores
    ),
    latest_scores as (
        select
            customer_id,
            {%- for measure in ["csat", "nps", "product", "service", "process"] %}
                max(score) filter (where measure = '{{ measure }}') as {{ measure }}_score
                {{- "," if not loop.last }}
            {%- endfor %}
        from ranked_scores
        where place = 1
        group by customer_id
    ),
    complaints as (
        select
            feedback.customer_id,
            feedback.occurred_date >= windows.since_365d as is_made_in_365d,
            coalesce(feedback.resolved_date <= windows.as_of_date, false) as is_resolved,
            coalesce(
                feedback.resolved_date between windows.since_365d and windows.as_of_date, false
            ) as is_resolved_in_365d,
            {{ dbt.datediff("feedback.occurred_date", "feedback.resolved_date", "day") }}
            as resolve_days
        from feedback
        cross join windows
        where feedback.kind = 'complaint'
    ),
    complaint_counts as (
        select
            customer_id,
            count(*) filter (where is_made_in_365d) as complaint_count_365d,
            count(*) filter (where not is_resolved) as open_complaint_count,
            cast(
                sum(resolve_days) filter (where is_resolved_in_365d) as bigint
            ) as resolve_days_sum,
            count(*) filter (where is_resolved_in_365d) as resolved_count
        from complaints
        group by customer_id
    ),
    feedback_counts as (
        select
            feedback.customer_id,
            count(*) filter (
                where feedback.topic = 'service' and feedback.occurred_date >= windows.since_365d
            ) as service_feedback_count_365d
        from feedback
        cross join windows
        group by feedback.customer_id
    )
select
    feedback_counts.customer_id,
    latest_scores.csat_score as satisfaction_score,
    latest_scores.nps_score,
    latest_scores.product_score,
    latest_scores.service_score,
    latest_scores.process_score,
    coalesce(complaint_counts.complaint_count_365d, 0) as complaint_count_365d,
    coalesce(complaint_counts.open_complaint_count, 0) as open_complaint_count,
    {{ ratio("complaint_counts.resolve_days_sum", "complaint_counts.resolved_count") }}
    as complaint_resolve_days_365d,
    feedback_counts.service_feedback_count_365d
from feedback_counts
left join latest_scores on feedback_counts.customer_id = latest_scores.customer_id
left join complaint_counts on feedback_counts.customer_id = complaint_counts.customer_id
