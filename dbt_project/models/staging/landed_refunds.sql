{{ landed_rows("refunds") }}
