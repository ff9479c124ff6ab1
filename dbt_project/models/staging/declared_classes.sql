with declared_classes as ({{ staged_rows_of_customers("declared_classes") }})
select declared_classes.*, cast(declared_at as date) as declared_date
from declared_classes
