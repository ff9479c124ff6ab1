"""What is told of each kind of class, on a company small enough to work out on paper."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml
from explained import write_policy
from oracle.workshop import Workshop

from orchestration.settings import Settings

POLICY = Path(__file__).with_name("told_policy.yml")
SENTENCES = yaml.safe_load(POLICY.with_name("told_sentences.yml").read_text("utf-8"))
TOLD_IN_WORDS = ("reason_en", "reason_zh", "gap_en", "gap_zh", "loses_en", "loses_zh")
FIRST, DAY = date(2024, 5, 10), date(2024, 6, 30)
TABLES = {
    "customers": """customer_id,region,city,party_kind,is_targeted,gender
        ann,north,York,consumer,false,f
        bob,south,Bath,business,true,m
        cy,,,channel,,
        dee,it's far,York,consumer,,f
        eve,,,,,""",
    "orders": """order_id,customer_id,ordered_at,amount
        a1,ann,2024-04-01,1200
        a2,ann,2024-06-01,-500
        b1,bob,2024-06-01,40
        b2,bob,2024-06-11,60.5
        d1,dee,2024-01-01,12
        d2,dee,2024-02-01,8
        d3,dee,2024-03-01,5
        d4,dee,2024-04-02,5""",
    "attributes": """customer_id,name,observed_at,value
        ann,aum,2024-01-01,2500000.5
        bob,aum,2024-01-01,70""",
    "declared_classes": """customer_id,scheme,declared_at,class_code,author,reason
        bob,grade,2024-06-20,a,Li,key visit
        eve,grade,2024-06-20,b,Wu,promised""",
}


@dataclass(frozen=True)
class Told:
    """The reasons of the company on its last day."""

    warehouse: Path

    def of(self, customer: str, scheme: str) -> dict[str, object]:
        """The one row of a customer and a scheme."""
        with duckdb.connect(self.warehouse, read_only=True) as con:
            cursor = con.execute(
                "select * from classification.customer_class_reasons"
                " where customer_id = ? and scheme = ?",
                [customer, scheme],
            )
            names = [column[0] for column in cursor.description or []]
            (row,) = cursor.fetchall()
        return dict(zip(names, row, strict=True))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("told")
    write_policy(folder / "policy", POLICY)
    for name, text in TABLES.items():
        lines = [line.strip() for line in text.splitlines()]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    tables = {name: [{"from": "files", "path": f"{name}.csv"}] for name in TABLES}
    source = {"timezone": "UTC", "base_currency": "EUR", "tables": tables}
    (folder / "sources.yml").write_text(yaml.safe_dump(source), "utf-8")
    workshop = Workshop(Settings(home=folder / "home", policy_dir=folder / "policy"), reasons=True)
    workshop.pull([folder / "sources.yml"])
    workshop.make(FIRST)
    workshop.commit(FIRST)
    workshop.make(DAY)
    return Told(workshop.settings.warehouse)


@pytest.mark.parametrize("case", SENTENCES)
def test_a_class_is_explained_in_sentences(told: Told, case: str) -> None:
    row = told.of(*case.split())
    found = {name: row[name] for name in TOLD_IN_WORDS if row[name] is not None}
    assert found == SENTENCES[case]


@pytest.mark.parametrize(
    ("customer", "scheme", "columns"),
    [
        ("ann", "level", {"decided_by": "hold", "held_until": date(2024, 9, 25)}),
        ("ann", "level", {"class_code": "gold", "loses_class": "silver", "loses_below": None}),
        (
            "bob",
            "grade",
            {"decided_by": "declared", "declared_by": "Li", "declared_until": date(2024, 7, 19)},
        ),
        ("bob", "grade", {"class_code": "a", "loses_class": "b", "gap": None}),
        ("ann", "needs", {"class_code": "goods; money", "class_zh": "商品；理财"}),
        ("cy", "town", {"class_code": "unknown", "class_en": "Unknown", "class_zh": "未知"}),
        (
            "dee",
            "mix",
            {"next_class": "fresh", "gap_measure": "tenure_days", "gap": Decimal(-92)},
        ),
        (
            "bob",
            "tree",
            {"next_class": "end.loyal", "gap_bound": Decimal(3), "loses_class": "end"},
        ),
    ],
)
def test_the_numbers_stand_beside_the_sentences(
    told: Told, customer: str, scheme: str, columns: dict[str, object]
) -> None:
    row = told.of(customer, scheme)
    assert {name: row[name] for name in columns} == columns


def test_nobody_is_told_of_a_sensitive_scheme_or_outside_a_population(told: Told) -> None:
    with duckdb.connect(told.warehouse, read_only=True) as con:
        schemes = con.execute(
            "select distinct scheme from classification.customer_class_reasons"
            " where customer_id in ('cy', 'eve') order by scheme"
        ).fetchall()
    assert schemes == [("grade",), ("town",), ("tree",), ("wealth",)]
