"""What `orchestration.expectations` audits with; of it only `custom_expectations` imports Great Expectations."""
