"""A release in PostgreSQL: the same tables in one schema, swapped in whole or not at all.

One transaction makes a schema of its own, copies every table of the release into it, compares what
arrived with what was sent, gives the rights on the old schema to the new one, and puts the new one
in its place. Until it commits, readers have the old release; whatever fails or is killed before
that leaves nothing behind. What the schema shows stands in its comment.

Views stay in the DuckDB file: they are in its language, and as tables they would hold a row for
every customer and scheme. Files of departments stay files; there, rights are PostgreSQL's own.
"""

from orchestration.publishing.postgresql.mirror import Mirrored, mirror, shown_release
from orchestration.publishing.postgresql.target import MirrorError, Target

__all__ = ["MirrorError", "Mirrored", "Target", "mirror", "shown_release"]
