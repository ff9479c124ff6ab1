{#-
    The three amounts of a customer in a span of time, over the joined customer_orders (as orders) and
    customer_refunds (as refunds). Given back is what refunds say and what credit notes say.
-#}
{% macro gross_amount(span) -%}
    {{ zero_if_silent("orders.gross_amount" ~ span, "orders") }}
{%- endmacro %}

{% macro refund_amount(span) -%}
    case
        when supplied.orders
        then
            cast(
                coalesce(orders.credit_amount{{ span }}, 0)
                + coalesce(refunds.refund_amount{{ span }}, 0) as decimal(18, 4)
            )
    end
{%- endmacro %}

{% macro net_amount(span) -%}
    cast({{ gross_amount(span) }} - {{ refund_amount(span) }} as decimal(18, 4))
{%- endmacro %}
