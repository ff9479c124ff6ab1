{{ landed_rows("attributes") }}
