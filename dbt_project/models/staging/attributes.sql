with attributes as ({{ staged_rows_of_customers("attributes") }})
select attributes.*, cast(observed_at as date) as observed_date
from attributes
