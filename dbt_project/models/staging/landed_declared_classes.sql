{{ landed_rows("declared_classes") }}
