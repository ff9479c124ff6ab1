"""Identity: ids as they come, several versions of a row, and keys from two places."""

from .case import (
    DELETED,
    DUPLICATE,
    STAGED,
    SUPERSEDED,
    Case,
    Fate,
    GoesOn,
    cell,
    csv_text,
    key,
    quarantined,
    rows_case,
    sound_rows,
)

TORN = quarantined("conflicting_versions", "order_id")
TWO_ENTRIES = quarantined("key_from_two_entries", "order_id")
EARLY, LATE = {"updated_at": "2024-05-03"}, {"updated_at": "2024-05-04 08:00:00"}


def two_files(given: str, first: dict[str, str], second: dict[str, str], *fates: Fate) -> Case:
    """A row in one file, and another version of it in the next; the rest of both is sound."""
    own = sound_rows(given)
    rows = [own[0] | first, own[0] | second]
    files = {"1.csv": csv_text([rows[0], own[1]]), "2.csv": csv_text([rows[1], own[2]])}
    return Case(
        given,
        GoesOn((fates[0], STAGED, fates[1], STAGED)),
        files={name: text.encode() for name, text in files.items()},
    )


def two_entries(given: str, fate: Fate, second: Fate, **options: object) -> Case:
    """The same key from two entries."""
    own = sound_rows(given)
    files = {"1.csv": csv_text(own[:2]), "2.csv": csv_text([own[0] | {"amount": "11"}, own[2]])}
    return Case(
        given,
        GoesOn((fate, STAGED, second, STAGED)),
        files={name: text.encode() for name, text in files.items()},
        entries=({"path": "1.csv", **options}, {"path": "2.csv", **options}),
    )


def as_given(given: str, *ids: str) -> Case:
    """Ids that are all different customers."""
    rows = [{"order_id": f"{{k}}-of-{n}", "customer_id": f"{{k}}{id}"} for n, id in enumerate(ids)]
    case = rows_case(given, rows, [STAGED] * len(ids))
    assert isinstance(case.then, GoesOn)
    facts = {f"{key(given)}{id}": {"order_count": 1} for id in ids}
    return Case(given, GoesOn(case.then.fates, facts=facts), files=case.files)


CASES = [
    cell("a blank order id", "order_id", "", quarantined("blank_key", "order_id")),
    cell("an order id of spaces", "order_id", "   ", quarantined("blank_key", "order_id")),
    cell(
        "an order id of wide spaces",
        "order_id",
        "\u3000\u3000",
        quarantined("blank_key", "order_id"),
    ),
    cell(
        "an order of no customer", "customer_id", "", quarantined("missing_required", "customer_id")
    ),
    cell(
        "an order of a customer of spaces",
        "customer_id",
        " \t ",
        quarantined("missing_required", "customer_id"),
    ),
    cell(
        "a customer without an id",
        "customer_id",
        " ",
        quarantined("blank_key", "customer_id"),
        "customers",
    ),
    cell(
        "a line without a number", "line_no", "", quarantined("blank_key", "line_no"), "order_lines"
    ),
    rows_case(
        "a refund of neither order nor customer",
        [{"customer_id": "", "order_id": ""}],
        [quarantined("missing_required", "order_id")],
        "refunds",
    ),
    rows_case("an id between spaces", [{"order_id": " {k} "}], [STAGED], staged={"amount": 10}),
    as_given("ids that differ by case: different customers", "a", "A"),
    as_given("ids that differ by width: different customers", "1", "１"),
    as_given("ids that differ by leading zeros: different customers", "07", "7"),
    as_given("ids that differ by an accent's encoding: different customers", "é", "e\u0301"),
    as_given("ids of 500 characters", "x" * 500, "x" * 499 + "y"),
    as_given("an id that looks like a number in scientific form", "1e5", "100000"),
    as_given("an id with a quote, a semicolon and a backslash", "'; --", '"', "\\"),
    as_given("an emoji as an id", "🧾"),
    rows_case("the same row twice in one file", [{}, {}], [STAGED, DUPLICATE]),
    rows_case(
        "the same row twice but for spaces", [{}, {"amount": " 10.00 "}], [STAGED, DUPLICATE]
    ),
    rows_case(
        "the same key with another amount, in one file", [{}, {"amount": "11"}], [TORN, TORN]
    ),
    rows_case(
        "the same key at the same updated_at with another amount",
        [LATE, LATE | {"amount": "11"}],
        [TORN, TORN],
    ),
    rows_case(
        "the same key with a greater updated_at",
        [EARLY, LATE | {"amount": "11"}],
        [SUPERSEDED, STAGED],
        staged={"amount": 11},
    ),
    rows_case(
        "the same key with a greater updated_at, which stands first",
        [LATE | {"amount": "11"}, EARLY],
        [STAGED, SUPERSEDED],
        staged={"amount": 11},
    ),
    rows_case(
        "a version that contradicts itself, above one that does not",
        [LATE, LATE | {"amount": "11"}, EARLY | {"amount": "12"}],
        [TORN, TORN, STAGED],
        staged={"amount": 12},
    ),
    rows_case(
        "a version without updated_at beside one with it",
        [{"updated_at": ""}, LATE | {"amount": "11"}],
        [SUPERSEDED, STAGED],
        staged={"amount": 11},
    ),
    rows_case(
        "a version whose amount is no number beside a sound one",
        [EARLY, LATE | {"amount": "abc"}],
        [STAGED, quarantined("not_a_number", "amount")],
        staged={"amount": 10},
    ),
    two_files("the same key in a later file", {}, {"amount": "11"}, SUPERSEDED, STAGED),
    two_files("the same row in a later file", {}, {}, SUPERSEDED, STAGED),
    two_files(
        "an older version in a later file", LATE, EARLY | {"amount": "11"}, STAGED, SUPERSEDED
    ),
    two_files(
        "a row that a later file says is deleted",
        {"is_deleted": ""},
        {"is_deleted": "true"},
        SUPERSEDED,
        DELETED,
    ),
    rows_case("a row that its source has deleted", [{"is_deleted": "1"}], [DELETED]),
    rows_case(
        "a deleted row of which only the key is left",
        [{"customer_id": "", "ordered_at": "", "amount": "", "is_deleted": "yes"}],
        [DELETED],
    ),
    rows_case(
        "is_deleted `maybe`",
        [{"is_deleted": "maybe"}],
        [quarantined("not_a_boolean", "is_deleted")],
    ),
    two_entries("the same key from two entries", TWO_ENTRIES, TWO_ENTRIES),
    two_entries(
        "the same key from two entries with `shared_keys`", SUPERSEDED, STAGED, shared_keys="true"
    ),
]
