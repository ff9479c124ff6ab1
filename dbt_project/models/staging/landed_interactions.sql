{{ landed_rows("interactions") }}
