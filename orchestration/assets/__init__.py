"""What Dagster shows and runs, by stage; dbt's models are in `orchestration.warehouse`."""
