with refunds as ({{ staged_rows("refunds", ids=["customer_id"]) }})
select refunds.*, cast(refunded_at as date) as refund_date
from refunds
