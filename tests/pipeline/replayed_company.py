"""A company with a policy of its own, quick to build, whose past can be replayed."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import yaml
from staged_company import StagedCompany

DAY = date(2024, 9, 30)
THEME = """
metrics: {per_order: "ratio(net_amount, order_count)"}
schemes:
- id: tier
  kind: ladder
  label: {en: Tier, zh: 等级}
  population: order_count > 0
  by: net_amount_90d
  classes:
  - {code: high, en: High, zh: 高, top: 20%}
  - {code: low,  en: Low,  zh: 低}
- id: pace
  kind: rules
  label: {en: Pace, zh: 节奏}
  classes:
  - {code: fast, en: Fast, zh: 快, when: "order_count_30d >= 2"}
  - {code: slow, en: Slow, zh: 慢, when: "recency_days < 90 and per_order > 20"}
  - {code: rest, en: Rest, zh: 其余, otherwise: true}
"""


def small_policy(folder: Path, theme: str = THEME) -> Path:
    """A policy of one theme, so that a build takes a moment."""
    folder.mkdir()
    content = {
        "name": "small",
        "description": "One row per customer.",
        "config": {"meta": yaml.safe_load(theme)},
    }
    text = yaml.safe_dump({"models": [content]}, allow_unicode=True, sort_keys=False)
    (folder / "small.yml").write_text(text, "utf-8")
    (folder / "small.sql").write_text("{{ classify() }}\n", "utf-8")
    (folder / "themes.txt").write_text("small\n", "utf-8")
    return folder


def orders() -> list[tuple[str, str, str, str, str]]:
    """Forty customers over two years; some orders are cancelled, or taken back as credit notes."""
    rows = []
    for customer in range(40):
        for number, ago in enumerate(range(customer * 3, 700, 11 + customer)):
            day = DAY - timedelta(ago)
            amount = -5.25 if number % 9 == 8 else 10.5 + customer + number % 7
            status = "cancelled" if number % 7 == 6 else "completed"
            rows.append((f"o{customer}-{number}", f"c{customer}", f"{day}", f"{amount}", status))
    return rows


def company(folder: Path, policy: Path, until: date) -> StagedCompany:
    """It has exported what happened until a day, and landed it."""
    folder.mkdir()
    made = StagedCompany(folder)
    made.settings = replace(made.settings, policy_dir=policy)
    columns = ("order_id", "customer_id", "ordered_at", "amount", "status")
    made.load("orders", columns, *[row for row in orders() if row[2] <= str(until)])
    refunds = [
        (f"r{row[0]}", row[0], str(date.fromisoformat(row[2]) + timedelta(20)), "3.25")
        for row in orders()[::13]
    ]
    made.load(
        "refunds",
        ("refund_id", "order_id", "refunded_at", "amount"),
        *[row for row in refunds if row[2] <= str(until)],
    )
    return made
