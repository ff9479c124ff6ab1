"""What `orchestration.expectations` audits with; nothing here imports Great Expectations."""
