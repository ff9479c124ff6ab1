"""Another shop's public data lands with one YAML and no code."""

from pathlib import Path

import duckdb

from orchestration.landing import pull_table
from orchestration.sources.source_file import load_source_file

SOURCE = Path(__file__).with_name("cdnow.yml")


def test_the_purchases_of_cdnow_land_with_their_known_totals(tmp_path: Path) -> None:
    (load,) = pull_table(
        "orders",
        load_source_file(SOURCE),
        tmp_path,
        audit=lambda *_: None,
        report=lambda _: None,
    ).landed
    with duckdb.connect() as connection:
        totals = connection.execute(
            "select count(*), count(distinct order_id), count(distinct customer_id),"
            " cast(sum(cast(amount as decimal(18, 4))) as varchar),"
            " min(ordered_at), max(ordered_at)"
            f" from '{load.path}'"
        ).fetchone()
    assert totals == (69_659, 69_659, 23_570, "2500315.6300", "1997-01-01", "1998-06-30")
    assert load.origin == "package:lifetimes/datasets/CDNOW_master.txt"
    assert load.extra_columns == ("number_of_cds",)
