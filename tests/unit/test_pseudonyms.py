"""Ids become HMAC-SHA256 in a release, in every table and in their order, and nowhere else."""

import hmac
import json
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest
from small_release import CUSTOMERS, CUTS, INFO, Company

from orchestration.publishing import (
    Protection,
    PseudonymKey,
    PublicTable,
    PublishError,
    Tags,
    pseudonym,
)
from orchestration.settings import SettingError, Settings

SECRET = "a secret of tests, and of nothing else"
KEY = PseudonymKey.of(SECRET)
TAGS = Tags(
    personal=frozenset({"phone"}),
    identifiers=frozenset({"customer_id", "referrer_id"}),
    free_text=frozenset({"reason"}),
)
FACTS = PublicTable("facts", "customer_facts", "table", ("customer_id",), "", {}, tags=TAGS)
AWKWARD = [
    "",
    "C1",
    "0001",
    "'; drop table x",
    "客户编号七",
    "é\u0301\U0001f600",
    "x" * 70_000,
    "\x00",
]


def hexadecimal(text: str, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()


@pytest.mark.parametrize("secret", [SECRET, "k" * 64, "k" * 65, "密" * 32, "s" * 1000])
def test_the_engine_computes_what_python_computes(secret: str) -> None:
    with duckdb.connect() as con:
        found = [
            con.execute(
                f"select {pseudonym('$id')}", {"id": text, **PseudonymKey.of(secret).bound}
            ).fetchone()
            for text in AWKWARD
        ]
        nobody = con.execute(f"select {pseudonym('null')}", KEY.bound).fetchone()
    assert found == [(hexadecimal(text, secret),) for text in AWKWARD]
    assert nobody == (None,)


def test_a_key_shows_its_id_and_nothing_else() -> None:
    assert SECRET not in repr(KEY)
    assert "pad" not in repr(KEY)
    assert PseudonymKey.of(SECRET).id == KEY.id
    assert PseudonymKey.of(f"{SECRET}.").id != KEY.id
    assert SECRET not in repr(Settings(home=Path(), pseudonym_key=SECRET))


def test_a_short_key_is_refused_and_not_quoted() -> None:
    with pytest.raises(SettingError, match="TIERS_PSEUDONYM_KEY has 31 characters") as refused:
        Settings.from_environment({"TIERS_PSEUDONYM_KEY": "s3cret" + "x" * 25})
    assert "s3cret" not in str(refused.value)
    assert Settings.from_environment({"TIERS_PSEUDONYM_KEY": "x" * 32}).pseudonym_key == "x" * 32


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """Twelve customers, each but the first referred by the one before it."""
    made = Company(tmp_path)
    made.build()
    with duckdb.connect(made.warehouse) as con:
        con.execute(
            "create or replace table facts.customer_facts as select 'C-1000' || i as customer_id,"
            " 'C-1000' || nullif(i - 1, 9) as referrer_id, 'Ask him.' as reason, i as net_amount"
            " from range(10, 22) as numbers (i)"
        )
    return made


def test_every_id_of_a_release_is_a_pseudonym_and_rows_stand_in_their_order(
    company: Company,
) -> None:
    release = company.publish(tables=[FACTS, CUTS], protection=Protection(KEY))
    with duckdb.connect(release.database, read_only=True) as con:
        rows = con.execute("select customer_id, referrer_id, net_amount from customer_facts")
        stored = rows.fetchall()
        parquet = con.execute(
            f"select customer_id, referrer_id, net_amount from '{release.path}/*facts.parquet'"
        ).fetchall()
    expected = sorted(
        (
            hexadecimal(f"C-1000{number}"),
            hexadecimal(f"C-1000{number - 1}") if number > 10 else None,
            number,
        )
        for number in range(10, 22)
    )
    assert stored == parquet == expected
    for file in release.path.iterdir():
        assert b"C-1000" not in file.read_bytes()


def test_free_text_stays_out_of_a_release_with_pseudonyms(company: Company) -> None:
    for protection, kept in ((Protection(), 12), (Protection(KEY), 0)):
        release = company.publish(tables=[FACTS, CUTS], protection=protection)
        with duckdb.connect(release.database, read_only=True) as con:
            assert con.execute("select count(reason) from customer_facts").fetchone() == (kept,)


def test_the_manifest_names_the_key_by_its_id_alone(company: Company) -> None:
    release = company.publish(tables=[FACTS, CUTS], protection=Protection(KEY))
    written = (release.path / "manifest.json").read_text("utf-8")
    assert json.loads(written)["pseudonym_key_id"] == release.pseudonym_key_id == KEY.id
    assert SECRET not in written
    assert company.publish(tables=[FACTS]).pseudonym_key_id is None


def test_another_key_gives_other_ids_and_another_content(company: Company) -> None:
    one, again, other = (
        company.publish(tables=[FACTS], protection=Protection(PseudonymKey.of(secret)))
        for secret in (SECRET, SECRET, SECRET[::-1])
    )
    assert one.content == again.content != other.content
    with duckdb.connect() as con:
        both = con.execute(
            f"select count(*) from '{one.path}/customer_facts.parquet'"
            f" join '{other.path}/customer_facts.parquet' using (customer_id)"
        ).fetchone()
    assert both == (0,)


def test_an_id_under_another_name_is_found_before_it_is_published(company: Company) -> None:
    with duckdb.connect(company.warehouse) as con:
        con.execute(
            "create or replace table classification.scheme_cuts as"
            " select customer_id as scheme, 'r' as dimension from facts.customer_facts"
        )
    with pytest.raises(PublishError, match=r"scheme_cuts\.scheme \(at least 12") as refused:
        company.publish(tables=[FACTS, CUTS, INFO], protection=Protection(KEY))
    assert "C-1000" not in str(refused.value)


def test_a_column_of_personal_data_is_refused_though_its_model_does_not_describe_it(
    company: Company,
) -> None:
    with duckdb.connect(company.warehouse) as con:
        con.execute("alter table facts.customer_facts add column phone varchar")
    with pytest.raises(PublishError, match=r"personal data \(phone\)"):
        company.publish(tables=[FACTS])
    assert company.publish(tables=[CUSTOMERS]).rows == {"customer_facts": 12}
