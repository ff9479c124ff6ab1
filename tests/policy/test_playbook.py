"""The bundled playbook and the bundled policy name the same classes."""

import csv

from orchestration.policy import load_policy
from orchestration.settings import DBT_PROJECT

PLAYBOOK = DBT_PROJECT / "seeds" / "seed_tier_playbook.csv"


def rows() -> list[dict[str, str]]:
    with PLAYBOOK.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_class_on_or_off_has_an_action_in_two_languages_and_an_owner() -> None:
    whole = {
        (row["scheme"], row["class_code"])
        for row in rows()
        if row["action_en"] and row["action_zh"] and row["owner"] and row["budget_per_customer"]
    }
    classes = {
        (row["scheme"], row["class_code"])
        for row in load_policy(DBT_PROJECT / "policy").catalogue()
        if row["class_code"] != "unclassified"
    }
    assert classes - whole == set()


def test_every_row_is_of_a_class_of_the_policy() -> None:
    named = [(row["scheme"], row["class_code"]) for row in rows()]
    classes = {
        (row["scheme"], row["class_code"])
        for row in load_policy(DBT_PROJECT / "policy").catalogue()
    }
    assert set(named) - classes == set()
    assert len(named) == len(set(named))


def test_every_row_keeps_to_the_four_service_levels_and_dedicated_has_a_way_to_be_reached() -> None:
    levels = {row["service_level"] for row in rows()}
    assert levels == {"dedicated", "priority", "standard", "self_service"}
    assert all(row["channel"] for row in rows() if row["service_level"] == "dedicated")
