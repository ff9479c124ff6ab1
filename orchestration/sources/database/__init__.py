"""`from: database`: a table or a query of PostgreSQL, MySQL or MariaDB."""

from orchestration.sources.database.rows import DatabaseRows

__all__ = ["DatabaseRows"]
