{{ staged_rows("opportunities", ids=["customer_id"]) }}
