"""The policy guide, in both languages: its examples load, its numbers and messages are real."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer.main

from orchestration.cli import app
from orchestration.policy import Policy, PolicyError, load_policy
from orchestration.policy.json_schema import SCHEMA_FILE
from orchestration.preview import preview_policy
from orchestration.progress import Silent
from orchestration.settings import DBT_PROJECT, PROJECT, Settings

PAGES = {
    language: (PROJECT / "docs" / name).read_text("utf-8")
    for language, name in (("en", "policy-guide.md"), ("zh", "policy-guide.zh.md"))
}
page = pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
GOLD = "- {code: gold,    en: Gold,    zh: 黄金会员, at_least: 10000}"
GENTLER = GOLD.replace("10000", "8000")


def blocks(text: str) -> list[str]:
    """The schemes of the page."""
    return re.findall(r"^```yaml\n(- .*?)^```$", text, re.MULTILINE | re.DOTALL)


def loaded(folder: Path, schemes: str) -> Policy:
    """The policy of one theme that has these schemes and no other."""
    indented = "".join(f"      {line}\n" for line in schemes.splitlines())
    head = "models:\n- name: guide\n  config:\n    meta:\n      schemes:\n"
    (folder / "guide.yml").write_text(head + indented, "utf-8")
    (folder / "guide.sql").write_text("{{ classify() }}", "utf-8")
    (folder / "themes.txt").write_text("guide", "utf-8")
    return load_policy(folder)


def mistakes(text: str) -> list[tuple[str, str, str]]:
    """The rows of the last table: what is written, instead of what, and what is said to it."""
    rows = re.findall(r"^\| (.+?) \| `(.+)` \| (.+) \|$", text, re.MULTILINE)
    return [(new.strip("`") if new[0] == "`" else "", old, told) for new, old, told in rows]


def test_both_languages_hold_the_same_examples_and_messages() -> None:
    english, chinese = PAGES.values()
    assert blocks(english) == blocks(chinese)
    assert mistakes(english) == mistakes(chinese)
    assert english.count("\n## ") == chinese.count("\n## ")


def test_the_examples_load_and_show_every_kind(tmp_path: Path) -> None:
    policy = loaded(tmp_path, "".join(blocks(PAGES["en"])))
    schemes = [scheme for _, scheme in policy.schemes()]
    assert {scheme.kind for scheme in schemes} == {"ladder", "score", "rules", "attribute"}
    codes = {row["class_code"] for row in policy.catalogue()}
    assert {"terminal.business", "unclassified", "unknown"} <= codes
    columns = {column for scheme in schemes for column in scheme.columns()}
    assert {"membership_held", "customer_value_declared", "need_type_service"} <= columns


@page
def test_the_file_that_is_a_new_theme_loads(text: str, tmp_path: Path) -> None:
    (block,) = re.findall(r"^```yaml\n(models:.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "contact.yml").write_text(block, "utf-8")
    (tmp_path / "contact.sql").write_text("{{ classify() }}", "utf-8")
    (tmp_path / "themes.txt").write_text("contact", "utf-8")
    ((_, scheme),) = load_policy(tmp_path).schemes()
    assert scheme.id == "contact_level"


def test_every_key_of_a_policy_is_named() -> None:
    extend = (PROJECT / "docs" / "extend.md").read_text("utf-8")
    code = "\n".join(re.findall(r"```\w+\n.*?```|`[^`]+`", PAGES["en"] + extend, re.DOTALL))
    keys = set(keys_of(json.loads((DBT_PROJECT / "policy" / SCHEMA_FILE).read_text("utf-8"))))
    assert len(keys) > 40
    assert {key for key in keys if not re.search(rf"\b{key}\b", code)} == set()


def keys_of(schema: Any) -> Iterator[str]:
    """Every key that a JSON Schema knows."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
    for part in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(part, dict | list):
            yield from keys_of(part)


@pytest.mark.parametrize(("new", "old", "told"), mistakes(PAGES["en"]))
def test_a_mistake_is_refused_in_the_words_of_the_page(
    tmp_path: Path, new: str, old: str, told: str
) -> None:
    (block,) = [one for one in blocks(PAGES["en"]) if one.startswith("- id: membership\n")]
    assert old in block
    with pytest.raises(PolicyError, match=re.escape(told)):
        loaded(tmp_path, block.replace(old, new, 1))


@page
def test_what_the_page_names_is_there(text: str) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert set(re.findall(r"tiers ([a-z]+)", text)) <= set(commands)
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert (PROJECT / "docs" / link).is_file()
    for path in re.findall(r"`(dbt_project/[^`]+)`", text):
        assert (PROJECT / path).exists()


@page
def test_the_budgets_of_the_worked_example_are_those_of_the_playbook(text: str) -> None:
    with (DBT_PROJECT / "seeds" / "seed_tier_playbook.csv").open(encoding="utf-8") as file:
        budgets = {
            row["class_code"]: int(row["budget_per_customer"])
            for row in csv.DictReader(file)
            if row["scheme"] == "membership"
        }
    assert {str(budgets["gold"]), str(budgets["silver"])} <= set(re.findall(r"\d+", text))
    assert f"{38 * (budgets['gold'] - budgets['silver']):,}" in text


@pytest.mark.slow
def test_the_worked_example_moves_whom_the_pages_say(example: Settings, tmp_path: Path) -> None:
    policy = tmp_path / "my_policy"
    shutil.copytree(DBT_PROJECT / "policy", policy)
    file = policy / "behaviour.yml"
    before = file.read_text("utf-8")
    assert before.count(GOLD) == 1
    file.write_text(before.replace(GOLD, GENTLER), "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    for truth in ("landing", "history", "releases"):
        (home / truth).symlink_to(example.home / truth, target_is_directory=True)

    found = preview_policy(replace(example, home=home), policy, Silent())

    (moved,) = found.moved
    assert (moved.scheme, moved.from_class, moved.to_class) == ("membership", "silver", "gold")
    assert (found.empty, found.refusals) == ((), ())
    with duckdb.connect(example.served_database, read_only=True) as release:
        held = dict(
            release.execute(
                "select class_code, customers from scheme_distribution where scheme = 'membership'"
            ).fetchall()
        )
    line = f"{moved.customers:>9,} │ {moved.net_amount_365d:>15,.2f}"
    numbers = [held["gold"], held["silver"], moved.customers]
    numbers += [held["gold"] + moved.customers, held["silver"] - moved.customers]
    for text in PAGES.values():
        assert f"-  {GOLD}" in text
        assert f"+  {GENTLER}" in text
        assert f"│ membership │ silver │ gold │ {line} │" in text
        assert {str(number) for number in numbers} <= set(re.findall(r"\d+", text))
