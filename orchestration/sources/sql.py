"""How values of sources become exact text, in DuckDB SQL."""

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
NUMBERS = ("DECIMAL", "DOUBLE", "FLOAT", *WHOLE, *(f"U{kind}" for kind in WHOLE))
# How moments are counted, and how many microseconds each is.
EPOCHS = {"epoch_ms": 1_000, "epoch_s": 1_000_000}
BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)"


def trimmed(expression: str) -> str:
    """A text without blanks around it; the wide space of Chinese text is one too."""
    return f"trim({expression}, {BLANKS})"


def from_epoch(expression: str, unit: str) -> str:
    """A text that counts `unit` (see EPOCHS) since 1970 as a naive timestamp in UTC, else NULL."""
    number = f"try_cast({trimmed(expression)} as decimal(24, 6))"
    return f"try(make_timestamp(cast({number} * {EPOCHS[unit]} as bigint)))"


def family(kind: str) -> str:
    """What a DuckDB type is of, for people: number, text, time, boolean, or else the type."""
    if kind == "VARCHAR":
        return "text"
    if kind == "BOOLEAN" or kind.endswith("]"):
        return kind.lower()
    if kind.startswith(("DATE", "TIME")):
        return "time"
    return "number" if kind.startswith(NUMBERS) else kind.lower()


def text_of(expression: str, kind: str) -> str:
    """A value of a DuckDB type as exact text.

    A double that is whole has no `.0`, since ids too come as doubles where some are missing.
    Nested values are JSON. Bytes are text where they are UTF-8, else as the engine escapes them.
    """
    if kind == "VARCHAR":
        return expression
    if kind in ("DOUBLE", "FLOAT"):
        return f"regexp_replace(cast({expression} as varchar), '\\.0$', '')"
    if kind == "BLOB":
        return f"coalesce(try(decode({expression})), cast({expression} as varchar))"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"cast(to_json({expression}) as varchar)"
    return f"cast({expression} as varchar)"
