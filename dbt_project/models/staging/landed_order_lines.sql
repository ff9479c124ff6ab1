{{ continued(replacing="rows_by_key") }} {{ landed_rows("order_lines") }}
