{{ landed_rows("customers") }}
