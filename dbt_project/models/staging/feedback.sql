with feedback as ({{ staged_rows("feedback", ids=["customer_id"]) }})
select
    feedback.*,
    cast(occurred_at as date) as occurred_date,
    cast(resolved_at as date) as resolved_date
from feedback
