"""Our own expectations: those that Great Expectations lacks, or can only tell by fetching rows.

expect_few_unexpected_rows: `unexpected_rows_query` may find only so many rows. Great Expectations'
    expectation by query runs it twice, fetches rows and tolerates none; this one only counts.
    `mostly` is the share of the table's rows that have to be good. `few` bad rows are let through
    all the same, but never more than half of the table.
expect_column_text_to_be: of a landed column, which is all text, few rows are not what `text` says:
    filled, money, number, integer, date, timestamp, boolean, or one of `value_set` in any case.
    Except for filled, a blank is as good as a value. Types are what staging takes for them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

_NUMBER = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?"
_MOMENT = "[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([ T].*)?"
_BOOLEANS = ("true", "1", "yes", "y", "t", "是", "false", "0", "no", "n", "f", "否")
# text -> (the shape that it has to have, what it is then cast to)
_TYPES: Mapping[str, tuple[str, str]] = {
    "money": (_NUMBER, "decimal(18, 4)"),
    "number": (_NUMBER, "decimal(28, 8)"),
    "integer": ("[+-]?[0-9]+([.]0*)?", "decimal(28, 0)"),
    "date": (_MOMENT, "timestamp"),
    "timestamp": (_MOMENT, "timestamp"),
}
TEXTS = ("filled", "boolean", *_TYPES)


def unfit_text(column: str, text: str | None, value_set: Sequence[str]) -> str:
    """SQL for the rows whose text is not what it should be, for `str.format` with `batch`.

    Raises ValueError for a text that is not one of TEXTS, and unless exactly one of both is given.
    """
    if bool(text) == bool(value_set) or text not in (None, *TEXTS):
        raise ValueError(f"{column}: expected value_set, or text as one of {', '.join(TEXTS)}")
    stripped = f'trim("{column}")'
    if text == "filled":
        # A malformed record has no columns, and records_are_well_formed counts it.
        unfit = f"_malformed is null and coalesce({stripped}, '') = ''"
    elif text is not None and text in _TYPES:
        shape, kind = _TYPES[text]
        unfit = (
            f"{stripped} <> '' and case when regexp_full_match({stripped}, '{shape}')"
            f" then try_cast({stripped} as {kind}) end is null"
        )
    else:
        listed = ", ".join("'" + value.replace("'", "''") + "'" for value in value_set or _BOOLEANS)
        unfit = f"{stripped} <> '' and lower({stripped}) not in ({listed})"
    return "select 1 from {batch} where " + unfit.replace("{", "{{").replace("}", "}}")


def define_expectations(base: Any, root_validator: Any) -> None:
    """Make them known to Great Expectations: naming a class registers it.

    Args:
        base: its UnexpectedRowsExpectation.
        root_validator: that of the pydantic it is built on.
    """

    class ExpectFewUnexpectedRows(base):  # type: ignore[misc]
        mostly: float = 1.0
        few: int = 0
        metric_dependencies: ClassVar[tuple[str, ...]] = (
            "unexpected_rows_query.row_count",
            "table.row_count",
        )
        success_keys: ClassVar[tuple[str, ...]] = ("unexpected_rows_query", "mostly", "few")

        def _validate(
            self, metrics: Mapping[str, int], *_: object, **__: object
        ) -> dict[str, object]:
            unexpected = metrics["unexpected_rows_query.row_count"]
            total = metrics["table.row_count"]
            # Rounded, so that a tenth of 200 is 20 and not a little less.
            allowed = max(round((1 - self.mostly) * total, 6), min(self.few, total // 2))
            return {
                "success": unexpected <= allowed,
                "result": {"unexpected_count": unexpected, "element_count": total},
            }

    class ExpectColumnTextToBe(ExpectFewUnexpectedRows):
        column: str
        text: str | None = None
        value_set: list[str] = []  # noqa: RUF012  # pydantic copies it

        @root_validator(pre=True)  # type: ignore[untyped-decorator]
        def _write_query(cls, values: dict[str, Any]) -> dict[str, Any]:
            query = unfit_text(values["column"], values.get("text"), values.get("value_set") or [])
            return {**values, "unexpected_rows_query": query}
