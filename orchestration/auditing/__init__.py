"""What `orchestration.expectations` audits with, its own expectations among it."""
