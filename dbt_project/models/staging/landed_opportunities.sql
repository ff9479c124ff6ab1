{{ landed_rows("opportunities") }}
