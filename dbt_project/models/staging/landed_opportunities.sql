{{ continued(replacing="rows_by_key") }} {{ landed_rows("opportunities") }}
