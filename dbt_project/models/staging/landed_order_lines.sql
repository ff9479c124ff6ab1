{{ landed_rows("order_lines") }}
