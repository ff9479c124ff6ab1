{{ landed_rows("feedback") }}
