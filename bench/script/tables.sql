-- The two tables, as they are published.
set preserve_insertion_order = true;

copy (from facts order by customer_id nulls first)
to (getvariable('target') || '/customer_facts.parquet')
(format parquet, compression zstd, row_group_size 122880);

copy (from classes order by customer_id nulls first)
to (getvariable('target') || '/customer_classes.parquet')
(format parquet, compression zstd, row_group_size 122880);
