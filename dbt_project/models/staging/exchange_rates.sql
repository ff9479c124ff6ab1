{{ staged_rows("exchange_rates") }}
