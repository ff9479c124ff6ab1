"""What a case is: what comes, and what is promised to happen to it."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

Values = Mapping[str, object]

# A sound row of each table; {k} is the key of the row.
SOUND: Mapping[str, Mapping[str, str]] = {
    "customers": {"customer_id": "{k}"},
    "orders": {
        "order_id": "{k}",
        "customer_id": "{k}",
        "ordered_at": "2024-05-01 12:00:00",
        "amount": "10.00",
    },
    "order_lines": {"order_id": "{k}", "line_no": "1", "quantity": "2"},
    "refunds": {
        "refund_id": "{k}",
        "customer_id": "{k}",
        "refunded_at": "2024-05-02",
        "amount": "1.00",
    },
    "interactions": {
        "interaction_id": "{k}",
        "customer_id": "{k}",
        "occurred_at": "2024-05-02",
        "kind": "call",
    },
    "opportunities": {
        "opportunity_id": "{k}",
        "customer_id": "{k}",
        "stage": "offer",
        "created_at": "2024-05-02",
    },
    "feedback": {
        "feedback_id": "{k}",
        "customer_id": "{k}",
        "occurred_at": "2024-05-02",
        "kind": "csat",
        "score": "5",
    },
    "attributes": {
        "customer_id": "{k}",
        "name": "aum",
        "observed_at": "2024-05-02",
        "value": "1",
    },
    "declared_classes": {
        "customer_id": "{k}",
        "scheme": "membership",
        "declared_at": "2024-05-02",
        "class_code": "gold",
        "author": "sales",
        "reason": "agreed",
    },
    "exchange_rates": {"currency": "{k}", "rate_date": "2024-05-02", "rate_to_base": "2"},
    "customer_merges": {
        "customer_id": "{k}",
        "into_customer_id": "{k}-once-more",
        "approved_by": "sales",
        "approved_at": "2024-05-02",
    },
}
SOUND_ROWS = 3


@dataclass(frozen=True)
class Fate:
    """What becomes of one landed row; reason and column are those of a quarantined one."""

    name: str
    reason: str | None = None
    column: str | None = None

    def __str__(self) -> str:
        why = f": `{self.reason}` of {self.column}" if self.column else ""
        return f"{self.name}{why or (f': `{self.reason}`' if self.reason else '')}"


STAGED, SUPERSEDED, DUPLICATE = Fate("staged"), Fate("superseded"), Fate("duplicate")
DELETED, WAITING = Fate("deleted"), Fate("waiting")


def quarantined(reason: str, column: str | None = None) -> Fate:
    """The row stays out, with a reason."""
    return Fate("quarantined", reason, column)


@dataclass(frozen=True)
class Stops:
    """The run ends before anything is published.

    Attributes:
        says: what its message holds; the first is what the page quotes.
    """

    says: tuple[str, ...]


@dataclass(frozen=True)
class GoesOn:
    """Everything lands, and the run publishes.

    Attributes:
        fates: of every row, file by file in the order of the files.
        staged: by key, values of the staged row.
        facts: by customer, values of its facts.
        notes: what is told of the loads.
    """

    fates: tuple[Fate, ...]
    staged: Mapping[str, Values] = field(default_factory=dict)
    facts: Mapping[str, Values] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One piece of bad or awkward input.

    Attributes:
        given: what comes, for people; unique.
        then: what is promised.
        table: the canonical table that it is for.
        files: name and content of each file, in a folder of the case's own.
        entries: the options of each entry; by default one entry that reads all the files.
        source: a whole source file instead of entries.
    """

    given: str
    then: Stops | GoesOn
    table: str = "orders"
    files: Mapping[str, bytes] = field(default_factory=dict)
    entries: Sequence[Mapping[str, object]] = ({},)
    source: str | bytes | None = None


def key(given: str) -> str:
    """A key that no other case has."""
    return "k" + hashlib.sha256(given.encode()).hexdigest()[:8]


def csv_text(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    """Rows as csv; the columns are those of all rows, in order of first appearance."""
    columns = dict.fromkeys(name for row in rows for name in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def sound_rows(given: str, table: str = "orders") -> list[dict[str, str]]:
    """Three rows of a case that nothing is wrong with."""
    return [
        {name: text.format(k=f"{key(given)}-{n}") for name, text in SOUND[table].items()}
        for n in range(1, SOUND_ROWS + 1)
    ]


def sound_csv(given: str, table: str = "orders") -> str:
    """The same as csv."""
    return csv_text(sound_rows(given, table))


def rows_case(
    given: str,
    rows: Sequence[Mapping[str, str]],
    fates: Sequence[Fate],
    table: str = "orders",
    staged: Values | None = None,
    facts: Values | None = None,
    entry: Mapping[str, object] | None = None,
) -> Case:
    """Three sound rows, and below them rows that say how they differ from a sound one.

    `staged` and `facts` are values of the last staged row, and of the customer of that row.
    """
    own = {name: text.format(k=key(given)) for name, text in SOUND[table].items()}
    whole = [own | {name: text.format(k=key(given)) for name, text in row.items()} for row in rows]
    last = whole[[n for n, fate in enumerate(fates) if fate == STAGED][-1]] if staged else {}
    identity = {"exchange_rates": "currency"}.get(table, next(iter(SOUND[table])))
    then = GoesOn(
        (STAGED,) * SOUND_ROWS + tuple(fates),
        {last[identity].strip(): staged} if staged else {},
        {key(given): facts} if facts else {},
    )
    text = csv_text([*sound_rows(given, table), *whole])
    return Case(given, then, table, {"rows.csv": text.encode()}, (entry or {},))


def cell(given: str, column: str, text: str, then: Fate | object, table: str = "orders") -> Case:
    """One row with this text in a column: quarantined, or staged with this value."""
    if isinstance(then, Fate):
        return rows_case(given, [{column: _literal(text)}], [then], table)
    value = Decimal(then) if isinstance(then, str) and column == "amount" else then
    return rows_case(given, [{column: _literal(text)}], [STAGED], table, {column: value})


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
