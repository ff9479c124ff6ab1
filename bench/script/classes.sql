-- Every scheme in one select. On the first day nothing is held or declared. The company has no
-- interactions, opportunities, feedback or order lines: their facts are NULL.
create temp table classes as
select
    customer_id,
    as_of_date,
    ratio(refund_amount_365d, gross_amount_365d) as return_share_365d,
    repeat_share,
    coalesce(open_opportunity_count, 0) > 0
    or coalesce(declared_intent in ('interested', 'considering', 'not_now'), false)
    or coalesce(as_of_date - last_quote_date <= 365, false) as has_intent,
    greatest(90, 2 * median_gap_days) as active_within_days,
    greatest(365, 4 * median_gap_days) as lost_after_days,
    contact_count_90d + browse_count_90d + reply_count_90d as engagement_count_90d,

    -- experience
    case
        when satisfaction_score is null and nps_score is null then 'unknown'
        when
            (satisfaction_score >= 4.5 or (satisfaction_score is null and nps_score >= 9))
            and open_complaint_count = 0
        then 'high'
        when satisfaction_score >= 3 or (satisfaction_score is null and nps_score >= 7) then 'mid'
        else 'low'
    end as satisfaction,
    loyalty_repeat,
    loyalty_cycle,
    loyalty_referral,
    loyalty_tenure,
    loyalty_score,
    case
        when order_count = 0 then null
        when loyalty_score >= cut('loyalty').p80 then 'high'
        when loyalty_score >= cut('loyalty').p40 then 'mid'
        else 'low'
    end as loyalty,
    case
        when product_score is null and coalesce(return_share_365d, 0) = 0 then 'unknown'
        when product_score < 3 or return_share_365d >= 0.3 then 'poor'
        when product_score >= 4.5 and coalesce(return_share_365d, 0) < 0.1 then 'good'
        else 'fair'
    end as product_experience,
    case
        when service_score is null and complaint_resolve_days_365d is null then 'unknown'
        when service_score < 3 or complaint_resolve_days_365d > 7 then 'poor'
        when
            coalesce(service_score, 5) >= 4.5 and coalesce(complaint_resolve_days_365d, 0) <= 2
        then 'good'
        else 'fair'
    end as service_experience,
    case
        when process_score >= 4.5 then 'good'
        when process_score >= 3 then 'fair'
        when process_score is not null then 'poor'
    end as process_experience,

    -- intent
    case
        when need_score >= 70 then 'a'
        when need_score >= 40 then 'b'
        when need_score is not null then 'c'
    end as need_grade,
    need_grade as need_grade_computed,
    null::varchar as need_grade_declared,
    case
        when declared_intent is null and last_quote_date is null then null
        when
            as_of_date - last_quote_date >= 7
            and not replied_after_quote
            and coalesce(last_order_date < last_quote_date, true)
        then 'quoted_silent'
        when declared_intent = 'never' then 'never'
        when
            declared_intent = 'not_now' and coalesce(expected_buy_date > as_of_date, true)
        then 'not_now'
        when declared_intent in ('considering', 'not_now') then 'considering'
        else 'interested'
    end as intent_stage,
    intent_stage as intent_stage_computed,
    null::varchar as intent_stage_declared,
    case
        when intent_stage = 'never' or (intent_stage is null and need_score < 30) then 'none'
        when
            intent_stage = 'interested' or (intent_stage is null and need_score >= 70)
        then 'strong'
        when intent_stage is not null or need_score is not null then 'some'
    end as intent_level,

    -- behaviour
    case
        when order_count_365d >= 12 then 'high'
        when order_count_365d >= 4 then 'mid'
        when order_count_365d > 0 then 'low'
    end as frequency_level,
    case when order_count_365d > 0 then fifth(-recency_days, 'r') end as rfm_r,
    case when order_count_365d > 0 then fifth(order_count_365d, 'f') end as rfm_f,
    case when order_count_365d > 0 then fifth(net_amount_365d, 'm') end as rfm_m,
    ratio(rfm_r + rfm_f + rfm_m, 3) as rfm_score,
    case
        when order_count = 0 then null
        when rfm_f is null then 'lost'
        when rfm_r = 1 then if(rfm_f >= 4 or rfm_m >= 4, 'sleeping', 'lost')
        when rfm_m >= 4 and rfm_r >= 4 then if(rfm_f >= 4, 'key_value', 'key_develop')
        when rfm_m >= 4 then if(rfm_f >= 4, 'key_keep', 'key_win_back')
        when rfm_r < 4 then if(rfm_f >= 4, 'general_keep', 'general_win_back')
        when rfm_f >= 4 then 'general_value'
        when rfm_f = 1 then 'new'
        else 'general_develop'
    end as rfm,
    case
        when order_count_365d >= 12 and net_amount_365d >= cut('m').p90 then 'vip'
        when order_count > 0 then 'regular'
        else 'potential'
    end as retail_vip,
    case
        when order_count_365d = 0 then null
        when order_day_count_365d >= 12 then 'frequent'
        when order_day_count_365d >= 6 and net_amount_365d >= cut('m').p80 then 'frequent'
        else 'occasional'
    end as visit_frequency,
    case
        when order_count = 0 then null
        when net_amount_365d >= 30000 then 'diamond'
        when net_amount_365d >= 10000 then 'gold'
        when net_amount_365d >= 2000 then 'silver'
        else 'basic'
    end as membership,
    membership as membership_computed,
    membership as membership_held,
    null::date as membership_below_since,
    case
        when order_count = 0 then 'potential'
        when recency_days <= active_within_days or last_engaged_days < 30 then 'active'
        when recency_days > lost_after_days then 'lost'
        else 'dormant'
    end as activity,
    -- Ranks interactions, and there are none.
    null::varchar as engagement,
    case
        when order_count_365d = 0 then null
        when discount_share_365d is null or promo_order_share_365d is null then 'unknown'
        when discount_share_365d >= 0.6 and promo_order_share_365d >= 0.6 then 'sensitive'
        else 'other'
    end as price_sensitivity,

    -- lifecycle
    case
        when order_count = 0 then 'prospect'
        when recency_days > lost_after_days then 'lost'
        when
            order_count >= 5
            and tenure_days >= 180
            and recency_days <= 2 * median_gap_days
            and coalesce(as_of_date - return_date >= 180, true)
        then 'loyal'
        when order_count >= 2 then 'repeat'
        else 'first'
    end as lifecycle,
    case
        when order_count > 0 then if(recency_days > lost_after_days, 'lost', 'current')
        when is_targeted then if(has_intent, 'prospect_and_target', 'target')
        else if(has_intent, 'prospect', 'non_customer')
    end as relation,
    case when order_count > 0 then if(tenure_days < 90, 'new', 'other') end as new_customer,
    if(order_count > 0 or won_opportunity_count > 0, 'closed', 'open') as deal_status,

    -- relationship
    coalesce(party_kind, 'unknown') as party_type,
    case party_kind
        when 'channel'
        then
            case channel_kind
                when 'distributor' then 'channel.distributor'
                when 'regional_distributor' then 'channel.regional'
                when 'agent' then 'channel.agent'
                when 'dealer' then 'channel.dealer'
                when 'store' then 'channel.store'
                else 'channel'
            end
        when 'consumer' then 'terminal.consumer'
        when 'business'
        then
            case
                when
                    order_count = 1
                    and recency_days > 365
                    and coalesce(open_opportunity_count, 0) = 0
                then 'terminal.commercial.one_off'
                when order_count > 0
                then
                    case
                        when is_named_account
                        then
                            if(
                                is_via_partner,
                                'terminal.commercial.order.named_indirect',
                                'terminal.commercial.order.named_direct'
                            )
                        when is_regional_account then 'terminal.commercial.order.regional'
                        else 'terminal.commercial.order'
                    end
                when open_opportunity_count > 0 then 'terminal.commercial.opportunity'
                else 'terminal.commercial.lead'
            end
        else 'unclassified'
    end as channel_tree,
    -- Nobody has a need score, so nobody is ranked, and every contract is in the lowest part.
    null::int as need_level_product,
    null::int as need_level_service,
    null::int as need_level_support,
    if(contract_amount is null, null, 1) as need_level_contract,
    need_level_contract::decimal(28, 8) as need_level_score,
    null::varchar as need_level,
    null::varchar as need_level_computed,
    null::varchar as need_level_declared,
    coalesce(order_count_365d > 0 or open_opportunity_count > 0, false) as need_type_product,
    coalesce(service_feedback_count_365d > 0, false) as need_type_service,
    coalesce(support_request_count_365d > 0, false) as need_type_support,

    -- profile
    coalesce(region, 'unknown') as region_class,
    coalesce(country, 'unknown') as country_class,
    coalesce(city, 'unknown') as city_class,
    coalesce(organisation_kind, 'unknown') as organisation,
    coalesce(products_owned, 'unknown') as product_ownership,
    coalesce(gender, 'unknown') as gender_class,
    coalesce(education, 'unknown') as education_class,
    coalesce(occupation, 'unknown') as occupation_class,
    coalesce(income_band, 'unknown') as income_class,
    case
        when age_years >= 60 then 'from_60'
        when age_years >= 45 then 'from_45'
        when age_years >= 30 then 'from_30'
        when age_years >= 18 then 'from_18'
        when age_years is not null then 'minor'
    end as age_band,
    case
        when household_size >= 5 then 'large'
        when household_size >= 3 then 'family'
        when household_size >= 2 then 'couple'
        when household_size is not null then 'single'
    end as household,
    case
        when credit_score >= 700 then 'good'
        when credit_score >= 550 then 'fair'
        when credit_score is not null then 'poor'
    end as credit_band,

    -- value
    case
        when order_count = 0 then if(has_intent, 'potential', 'unclassified')
        when
            order_count_365d >= cut('f').p80
            and net_amount_365d >= cut('m').p80
            and loyalty in ('mid', 'high')
        then 'high'
        when order_count_365d < cut('f').p40 and net_amount_365d < cut('m').p40 then 'low'
        else 'regular'
    end as customer_value,
    case
        when order_count_365d = 0 then null
        when net_amount_365d >= greatest(cut('m').top_20, 0.01) then 'high'
        when net_amount_365d >= greatest(cut('m').top_50, 0.01) then 'mid'
        else 'low'
    end as amount_level,
    fifth(order_count_365d, 'f') as value_score_f,
    fifth(net_amount_365d, 'm') as value_score_m,
    fifth(margin_amount_365d, 'margin') as value_score_margin,
    loyalty_score as value_score_loyalty,
    ratio(
        0.25 * value_score_f
        + 0.35 * value_score_m
        + weighed(0.30, value_score_margin)
        + 0.10 * value_score_loyalty,
        0.25 + 0.35 + weight_of(0.30, value_score_margin) + 0.10
    ) as value_score_score,
    case
        when order_count_365d = 0 then null
        when value_score_score >= 3.8 then 'high'
        when value_score_score >= 2.4 then 'mid'
        else 'low'
    end as value_score,
    if(amount_level = 'high', 'fine', amount_level) as quality,
    vip_value_f,
    vip_value_m,
    vip_value_units,
    vip_value_score,
    case
        when order_count_365d = 0 then null
        when vip_value_score >= cut('vip').top_3 then 'vip'
        when vip_value_score >= cut('vip').top_10 then 'high'
        when vip_value_score >= cut('vip').top_40 then 'mid'
        else 'other'
    end as vip_value,
    case
        when order_count_365d = 0 or cut('m').everyone < 20 then null
        when net_amount_365d >= cut('m').top_1 then 'platinum'
        when net_amount_365d >= cut('m').top_5 then 'gold'
        when net_amount_365d >= cut('m').top_20 then 'iron'
        else 'lead'
    end as pyramid,
    case
        when order_count_365d = 0 then null
        when net_amount_365d >= cut('m').top_1 then 'important'
        when net_amount_365d >= cut('m').top_5 then 'major'
        when net_amount_365d >= cut('m').top_20 then 'ordinary'
        else 'small'
    end as importance,
    case
        when order_count_365d = 0 then null
        when net_amount_365d >= cut('m').p80 then 'high'
        when trend_ratio_180d >= 0.5 and order_count_365d >= 2 then 'potential'
        else 'other'
    end as value_potential,
    case
        when order_count > 0 or has_intent then 'benefit'
        when last_contact_days is not null or campaign_count_365d > 0 then 'audience'
        else 'unclassified'
    end as effective
from scored;
