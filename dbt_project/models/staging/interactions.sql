with interactions as ({{ staged_rows("interactions", ids=["customer_id"]) }})
select interactions.*, cast(occurred_at as date) as occurred_date
from interactions
