"""Write the exports of the synthetic company anew: the same bytes each time.

python -m orchestration.sources.synthetic.generate [FOLDER]
"""

import argparse
from pathlib import Path

from orchestration.sources.synthetic.contacts import interaction_rows, opportunity_rows
from orchestration.sources.synthetic.declarations import declaration_rows
from orchestration.sources.synthetic.files import write_csv, write_jsonl, write_xlsx
from orchestration.sources.synthetic.listing import customer_rows
from orchestration.sources.synthetic.mishaps import Tables, with_mishaps
from orchestration.sources.synthetic.money import rate_rows
from orchestration.sources.synthetic.observations import attribute_rows
from orchestration.sources.synthetic.opinions import feedback_rows
from orchestration.sources.synthetic.people import all_customers
from orchestration.sources.synthetic.shops import line_rows, order_rows, refund_rows
from orchestration.sources.synthetic.trade import OVERSEAS, STORE, WEB, trade
from orchestration.sources.synthetic.twins import merge_rows, twin_rows

EXPORTS = Path(__file__).parent / "exports"
# Much software in China still exports in this encoding.
GB18030 = ("customers", "orders_web", "attributes")


def generate(folder: Path = EXPORTS) -> None:
    """Write every export into a folder, which is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = _tables()
    write_jsonl(folder / "orders_overseas.jsonl", tables.pop("orders_overseas"))
    write_xlsx(folder / "declared_classes.xlsx", tables.pop("declared_classes"), "人工认定")
    for name, rows in tables.items():
        write_csv(folder / f"{name}.csv", rows, "gb18030" if name in GB18030 else "utf-8")


def _tables() -> Tables:
    customers = all_customers()
    listed = customer_rows(customers)
    orders, refunds = trade(customers)
    tables = with_mishaps(
        {
            "customers": listed,
            "orders_web": order_rows(orders, WEB),
            "orders_store": order_rows(orders, STORE),
            "orders_overseas": order_rows(orders, OVERSEAS),
            "order_lines": line_rows(orders),
            "refunds": refund_rows(refunds),
            "interactions": interaction_rows(customers),
            "opportunities": opportunity_rows(customers),
            "feedback": feedback_rows(customers),
            "attributes": attribute_rows(customers),
            "declared_classes": declaration_rows(customers),
            "exchange_rates": rate_rows(),
        }
    )
    twins = twin_rows(listed)
    return tables | {
        "customers": [*tables["customers"], *twins],
        "customer_merges": list(merge_rows(twins)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=EXPORTS)
    generate(parser.parse_args().folder)
