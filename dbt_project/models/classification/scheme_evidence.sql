{#- What the classes of the day tell of each scheme. -#}
with
    scheme_distribution as (select * from {{ ref("scheme_distribution") }}),
    kinds as (
        select scheme, min(kind) as kind, max(column_value) = 'true' as has_many
        from {{ ref("scheme_catalogue") }}
        where enabled and not sensitive
        group by scheme
    ),
    everybody as (select count(*) as customers from {{ ref("customer_facts") }}),

    schemes as (
        select
            kinds.scheme,
            kinds.has_many,
            everybody.customers as everybody,
            max(scheme_distribution.classified) as classified,
            sum(
                case
                    when class_code in ('unclassified', 'unknown')
                    then scheme_distribution.customers
                    else 0
                end
            ) as unnamed,
            min(
                case when scheme_distribution.customers > 0 then scheme_distribution.customers end
            ) as fewest
        from kinds
        cross join everybody
        inner join scheme_distribution on kinds.scheme = scheme_distribution.scheme
        group by kinds.scheme, kinds.has_many, everybody.customers
    ),

    -- Best first: of ladders and scores as the policy says, of others by what their customers
    -- bought.
    placed as (
        select
            scheme_distribution.scheme,
            scheme_distribution.customers,
            scheme_distribution.net_amount_365d,
            row_number() over (
                partition by scheme_distribution.scheme
                order by
                    case
                        when kinds.kind in ('ladder', 'score') then scheme_distribution.position
                    end nulls last,
                    {{
                        ratio(
                            "scheme_distribution.net_amount_365d",
                            "scheme_distribution.customers",
                        )
                    }} desc nulls last,
                    scheme_distribution.class_code nulls last
            ) as place
        from scheme_distribution
        inner join kinds on scheme_distribution.scheme = kinds.scheme
        where
            scheme_distribution.customers > 0
            and scheme_distribution.class_code not in ('unclassified', 'unknown')
            and not kinds.has_many
    ),

    totals as (
        select
            scheme,
            cast(sum(customers) as bigint) as customers,
            cast(sum(net_amount_365d) as decimal(28, 4)) as net_amount_365d
        from placed
        group by scheme
    ),

    shared as (
        select
            placed.scheme,
            placed.place,
            {{ ratio("placed.customers", "totals.customers") }} as share,
            case
                when totals.net_amount_365d > 0
                then {{ ratio("placed.net_amount_365d", "totals.net_amount_365d") }}
            end as net_share
        from placed
        inner join totals on placed.scheme = totals.scheme
    ),

    gathered as (
        select
            scheme,
            place,
            share,
            net_share,
            cast(
                sum(net_share) over (
                    partition by scheme
                    order by place nulls last
                    rows between unbounded preceding and current row
                ) as decimal(28, 8)
            ) as net_share_so_far
        from shared
    ),

    revenue as (
        select
            scheme,
            max(case when place = 1 then net_share end) as top_revenue_share,
            max(case when place = 1 then {{ ratio("net_share", "share") }} end) as top_mean_ratio,
            -- The Gini coefficient of classes: 0 when each buys its share, 1 when one buys all.
            sum(
                cast(share as double)
                * (2 * cast(net_share_so_far as double) - cast(net_share as double))
            )
            - 1 as concentration
        from gathered
        group by scheme
    ),

    told as (
        select
            scheme,
            'coverage' as measure,
            cast({{ ratio("classified", "everybody") }} as decimal(18, 6)) as value,
            classified as group_customers,
            classified
        from schemes
        union all
        select
            scheme,
            'unnamed_share' as measure,
            case
                when not has_many then cast({{ ratio("unnamed", "classified") }} as decimal(18, 6))
            end as value,
            fewest as group_customers,
            classified
        from schemes
        {%- for measure in ["top_revenue_share", "top_mean_ratio"] %}
            union all
            select
                schemes.scheme,
                '{{ measure }}' as measure,
                cast(revenue.{{ measure }} as decimal(18, 6)) as value,
                schemes.fewest as group_customers,
                schemes.classified
            from schemes
            left join revenue on schemes.scheme = revenue.scheme
        {%- endfor %}
        union all
        select
            schemes.scheme,
            'concentration' as measure,
            cast(
                round(cast(revenue.concentration as decimal(38, 12)), 6) as decimal(18, 6)
            ) as value,
            schemes.fewest as group_customers,
            schemes.classified
        from schemes
        left join revenue on schemes.scheme = revenue.scheme
    )

select
    scheme,
    measure,
    value,
    cast(group_customers as bigint) as group_customers,
    cast(classified as bigint) as customer_count
from told
