"""Input that can be read, and is refused all the same: by gate 1 load by load, or by gate 2."""

import io

import pyarrow as pa
from pyarrow import parquet

from .case import STAGED, Case, GoesOn, Stops, csv_text, key, sound_rows

MANY = 40


def load(given: str, says: str, changes: dict[str, str], *, of: int = MANY) -> Case:
    """Forty rows, of which the first `of` are changed."""
    row = sound_rows(given)[0]
    rows = [
        row | {"order_id": f"{key(given)}-{n}"} | (changes if n < of else {}) for n in range(MANY)
    ]
    return Case(given, Stops((says,)), files={"o.csv": csv_text(rows).encode()})


def drift(given: str, then: Stops | GoesOn, before: pa.Array, now: pa.Array, column: str) -> Case:
    """Two Parquet files of one entry, in the later of which a column has another type."""
    files = {}
    for number, values in ((1, before), (2, now)):
        rows = [row | {"order_id": f"{row['order_id']}-{number}"} for row in sound_rows(given)]
        columns = {name: pa.array([row[name] for row in rows]) for name in rows[0]}
        content = io.BytesIO()
        parquet.write_table(pa.table(columns | {column: values}), content)
        files[f"{number}.parquet"] = content.getvalue()
    return Case(given, then, files=files)


def columns(given: str, then: Stops | GoesOn, first: str, second: str) -> Case:
    """Two csv files of one entry: a later one that gains and loses columns."""
    rows = sound_rows(given)
    files = {}
    for number, names in ((1, first), (2, second)):
        kept = [name for name in [*rows[0], *names.split()] if f"-{name}" not in names.split()]
        table = [
            {
                name: f"{row.get(name, 'x')}{f'-{number}' * (name == 'order_id')}"
                for name in kept
                if not name.startswith("-")
            }
            for row in rows
        ]
        files[f"{number}.csv"] = csv_text(table).encode()
    return Case(given, then, files=files)


BOTH = (STAGED,) * 6

CASES = [
    load("a file in which no amount is a number", "amount_is_a_number", {"amount": "a lot"}),
    load(
        "a file in which one amount in five is no number",
        "amount_is_a_number",
        {"amount": "a lot"},
        of=8,
    ),
    load("a file in which no moment is one", "ordered_at_is_a_date", {"ordered_at": "5/31/24"}),
    load("a file without a single key", "order_id_is_filled", {"order_id": ""}),
    load("a file in which no order has a customer", "customer_id_is_filled", {"customer_id": ""}),
    load(
        "a file in which most orders have no customer",
        "customer_id_is_filled",
        {"customer_id": ""},
        of=30,
    ),
    load(
        "one row in ten in quarantine: over the default of 1 %",
        "few_rows_are_in_quarantine",
        {"currency": "", "is_deleted": "perhaps"},
        of=4,
    ),
    load(
        "orders of nobody in one row of four: over the default of 1 %",
        "few_rows_are_in_quarantine",
        {"customer_id": ""},
        of=10,
    ),
    Case(
        "amounts of a customer that add up to more than money can hold",
        Stops(("adds up to more than 99,999,999,999,999.9999",)),
        files={
            "o.csv": csv_text(
                [
                    row | {"customer_id": "c", "amount": "99999999999999"}
                    for row in sound_rows("sum")
                ]
            ).encode()
        },
    ),
    drift(
        "an id that was text in Parquet and is a number now",
        Stops(("customer_id was text in load", "is number now")),
        pa.array(["007"] * 3),
        pa.array([7] * 3),
        "customer_id",
    ),
    drift(
        "a moment that was one in Parquet and is text now",
        Stops(("ordered_at was time in load", "is text now")),
        pa.array([1] * 3, pa.timestamp("us")),
        pa.array(["2024-05-01"] * 3),
        "ordered_at",
    ),
    drift(
        "an amount that was a number in Parquet and is text now",
        Stops(("amount was number in load", "is text now")),
        pa.array([1.5] * 3),
        pa.array(["1.5"] * 3),
        "amount",
    ),
    drift(
        "an optional column that was text in Parquet and is a number now",
        Stops(("channel was text in load", "is number now")),
        pa.array(["1"] * 3),
        pa.array([1] * 3),
        "channel",
    ),
    drift(
        "a number that was whole in Parquet and is a decimal now",
        GoesOn(BOTH),
        pa.array([1] * 3),
        pa.array([1.5] * 3),
        "amount",
    ),
    drift(
        "a column of text in Parquet that is empty now",
        GoesOn(BOTH),
        pa.array(["1"] * 3),
        pa.nulls(3),
        "channel",
    ),
    columns(
        "a new column that we know", GoesOn(BOTH, notes=("new column channel",)), "", "channel"
    ),
    columns(
        "a new column that we do not know",
        GoesOn(BOTH, notes=("new column mood, kept and not used",)),
        "",
        "mood",
    ),
    columns(
        "an optional column that is gone",
        GoesOn(BOTH, notes=("channel is gone: NULL in these rows",)),
        "channel",
        "",
    ),
    columns(
        "a column that we do not know and that is gone",
        GoesOn(BOTH, notes=("mood is gone, which was not used",)),
        "mood",
        "",
    ),
    columns("a required column that is gone", Stops(("needs amount",)), "", "-amount"),
]
