{{ landed_rows("exchange_rates") }}
