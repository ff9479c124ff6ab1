{%- set spans = ["", "_30d", "_90d", "_180d", "_365d"] %}
{%- set is_predicted = "predicted" in var("themes") %}
{#- what a fitted model gives, which theme predicted brings #}
{%- set predicted = {
    "predicted_on": "date",
    "predicted_net_amount_365d": "decimal(18, 4)",
    "predicted_net_amount_365d_low": "decimal(18, 4)",
    "predicted_net_amount_365d_high": "decimal(18, 4)",
    "churn_probability": "decimal(28, 8)",
} %}
{%- set last_quote_at = "greatest(opportunities.last_quote_at, interactions.last_quote_at)" %}
with
    windows as (select as_of_date from {{ ref("windows") }}),
    supplied as (select * from {{ ref("supplied") }}),
    customers_at_day as (select customer_id from {{ ref("customers_at_day") }}),
    customers as (select * from {{ ref("customers") }}),
    orders as (select * from {{ ref("customer_orders") }}),
    gaps as (select * from {{ ref("customer_gaps") }}),
    refunds as (select * from {{ ref("customer_refunds") }}),
    lines as (select * from {{ ref("customer_lines") }}),
    interactions as (select * from {{ ref("customer_interactions") }}),
    opportunities as (select * from {{ ref("customer_opportunities") }}),
    feedback as (select * from {{ ref("customer_feedback") }}),
    referrals as (select * from {{ ref("customer_referrals") }}),
    {%- if is_predicted %}
        predictions as (select * from {{ source("history", "predictions") }}),
    {%- endif %}

    measured as (
        select
            customers_at_day.customer_id,
            windows.as_of_date,
            orders.first_order_date,
            orders.last_order_date,
            gaps.return_date,
            {{ days_until("windows.as_of_date", "orders.last_order_date") }} as recency_days,
            {{ days_until("windows.as_of_date", "orders.first_order_date") }} as tenure_days,
            {%- for span in spans %}
                {{ zero_if_silent("orders.order_count" ~ span, "orders") }}
                as order_count{{ span }},
            {%- endfor %}
            {{ zero_if_silent("gaps.order_day_count", "orders") }} as order_day_count,
            {{ zero_if_silent("gaps.order_day_count_365d", "orders") }} as order_day_count_365d,
            {%- for span in spans %}
                {{ gross_amount(span) }} as gross_amount{{ span }},
            {%- endfor %}
            {%- for span in spans %}
                {{ refund_amount(span) }} as refund_amount{{ span }},
            {%- endfor %}
            {%- for span in spans %} {{ net_amount(span) }} as net_amount{{ span }}, {%- endfor %}
            {{ zero_if_silent("orders.cost_amount_365d", "orders_cost_amount") }}
            as cost_amount_365d,
            case
                when
                    supplied.orders_cost_amount
                    and cast(coalesce(orders.uncosted_amount_365d, 0) as decimal(20, 4)) * 5
                    <= coalesce(orders.gross_amount_365d, 0)
                then
                    cast(
                        {{ net_amount("_365d") }}
                        - coalesce(orders.cost_amount_365d, 0) as decimal(18, 4)
                    )
            end as margin_amount_365d,
            {{ ratio("orders.gross_amount", "orders.order_count") }} as average_order_amount,
            {{ ratio("orders.gross_amount_365d", "orders.order_count_365d") }}
            as average_order_amount_365d,
            gaps.mean_gap_days,
            gaps.median_gap_days,
            gaps.on_cycle_share,
            case
                when supplied.orders
                then {{ zero_if_silent("lines.unit_count_365d", "order_lines_quantity") }}
            end as unit_count_365d,
            case
                when supplied.orders
                then {{ zero_if_silent("lines.category_count_365d", "order_lines_category") }}
            end as category_count_365d,
            case
                when supplied.orders_discount_amount and orders.order_count_365d >= 3
                then
                    {{
                        ratio(
                            "orders.discount_amount_365d",
                            "orders.gross_amount_365d + orders.discount_amount_365d",
                        )
                    }}
            end as discount_share_365d,
            case
                when supplied.orders_promo_code and orders.order_count_365d >= 3
                then {{ ratio("orders.promo_order_count_365d", "orders.order_count_365d") }}
            end as promo_order_share_365d,
            {{ net_amount("_prior_180d") }} as net_amount_prior_180d,
            {{
                ratio(
                    net_amount("_180d") ~ " - " ~ net_amount("_prior_180d"),
                    "greatest(" ~ net_amount("_prior_180d") ~ ", 0)",
                )
            }} as trend_ratio_180d,
            {%- for count in ["contact_count_90d", "browse_count_90d", "reply_count_90d"] %}
                {{ zero_if_silent("interactions." ~ count, "interactions") }} as {{ count }},
            {%- endfor %}
            {{ days_until("windows.as_of_date", "interactions.last_contact_date") }}
            as last_contact_days,
            {{ days_until("windows.as_of_date", "interactions.last_engaged_date") }}
            as last_engaged_days,
            {%- for count in [
                "campaign_count_365d",
                "coupon_count_365d",
                "support_request_count_365d",
            ] %}
                {{ zero_if_silent("interactions." ~ count, "interactions") }} as {{ count }},
            {%- endfor %}
            {%- for count in ["open_opportunity_count", "won_opportunity_count"] %}
                {{ zero_if_silent("opportunities." ~ count, "opportunities") }} as {{ count }},
            {%- endfor %}
            cast({{ last_quote_at }} as date) as last_quote_date,
            case
                when supplied.interactions and {{ last_quote_at }} is not null
                then coalesce(interactions.last_reply_at > {{ last_quote_at }}, false)
            end as replied_after_quote,
            feedback.satisfaction_score,
            feedback.nps_score,
            feedback.product_score,
            feedback.service_score,
            feedback.process_score,
            {{ zero_if_silent("feedback.complaint_count_365d", "feedback") }}
            as complaint_count_365d,
            {{ zero_if_silent("feedback.open_complaint_count", "feedback_resolved_at") }}
            as open_complaint_count,
            feedback.complaint_resolve_days_365d,
            {{ zero_if_silent("feedback.service_feedback_count_365d", "feedback_topic") }}
            as service_feedback_count_365d,
            {{ zero_if_silent("referrals.referral_count_365d", "customers_referrer_id") }}
            as referral_count_365d,
            {{ whole_years("customers.birth_date", "windows.as_of_date") }} as age_years,
            {#- columns of a fitted model, which theme predicted brings #}
            {%- for column, kind in predicted.items() %}
                cast(
                    {{ "predictions." ~ column if is_predicted else "null" }} as {{ kind }}
                ) as {{ column }} {{ "," if not loop.last }}
            {%- endfor %}
            {%- for column in canonical_columns("customers") if not column.personal and column.name != "customer_id" %}
                , customers.{{ column.name }}
            {%- endfor %}
        from customers_at_day
        cross join windows
        cross join supplied
        left join customers on customers_at_day.customer_id = customers.customer_id
        left join orders on customers_at_day.customer_id = orders.customer_id
        left join refunds on customers_at_day.customer_id = refunds.customer_id
        left join gaps on customers_at_day.customer_id = gaps.customer_id
        left join lines on customers_at_day.customer_id = lines.customer_id
        left join interactions on customers_at_day.customer_id = interactions.customer_id
        left join opportunities on customers_at_day.customer_id = opportunities.customer_id
        left join feedback on customers_at_day.customer_id = feedback.customer_id
        left join referrals on customers_at_day.customer_id = referrals.customer_id
        {%- if is_predicted %}
            left join predictions on customers_at_day.customer_id = predictions.customer_id
        {%- endif %}
    )

select measured.*, {{ segment_code() }} as segment_code
from measured
