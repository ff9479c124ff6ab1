"""Wrong policy files, each refused for its own reason, with file, line, field and expectation.

UPDATE_SNAPSHOT=1 .venv/bin/pytest tests/policy/test_refusals.py   # when a message is meant
"""

import os
from pathlib import Path

import pytest
from policy_project import PolicyProject

REFUSED = Path(__file__).with_name("refused")
GOLDEN = Path(__file__).with_name("refused.txt")


def tier(**keys: str) -> str:
    said = {"id": "tier", "by": "net_amount"} | keys
    lines = [f"  {key}: {value}" for key, value in said.items()]
    lines[0] = lines[0].replace("  ", "- ", 1)
    return "\n".join(
        [
            *lines,
            "  kind: ladder",
            "  label: {en: Tier, zh: 等级}",
            "  classes:",
            "  - {code: high, en: High, zh: 高, at_least: 1}",
            "  - {code: low, en: Low, zh: 低}",
        ]
    )


def theme(*schemes: str, **keys: str) -> str:
    return "\n".join([*(f"{key}: {value}" for key, value in keys.items()), "schemes:", *schemes])


def test_every_wrong_file_is_refused_with_its_message(tmp_path: Path) -> None:
    told = []
    for file in sorted(REFUSED.glob("*/*.yml")):
        project = PolicyProject(tmp_path / file.stem)
        project.add(file)
        refusals = project.refusals()
        assert all(each.startswith(f"{file.name}:") for each in refusals)
        told += refusals
    found = "\n".join(told) + "\n"
    if "UPDATE_SNAPSHOT" in os.environ:
        GOLDEN.write_text(found, "utf-8")
    assert found == GOLDEN.read_text("utf-8")


def test_a_theme_may_say_a_metric_again_in_the_same_words_only(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier(), metrics="{gap: 2 * recency_days}"))
    project.write("second", theme(tier(id="other"), metrics="{gap: 2 * recency_days}"))
    project.load()

    project.write("third", theme(tier(id="third"), metrics="{gap: 3 * recency_days}"))
    (told,) = project.refusals()
    assert told.startswith("third.yml:6: metric gap: '3 * recency_days': it stands before")


def test_a_theme_may_say_an_attribute_again_with_the_same_type_only(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier(), attributes="{aum: number}"))
    project.write("second", theme(tier(id="other", by="aum"), attributes="{aum: number}"))
    project.load()

    project.write("third", theme(tier(id="third"), attributes="{aum: text}"))
    (told,) = project.refusals()
    assert told.startswith("third.yml:6: attribute aum: 'text': it stands before as 'number'")


def test_a_scheme_of_a_later_theme_is_named_too_early(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier(population="later = 'high'")))
    project.write("second", theme(tier(id="later")))
    (told,) = project.refusals()
    assert "scheme tier: population" in told
    assert "'later' comes from second.yml, here or later" in told


def test_an_id_stands_once_in_all_themes(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier()))
    project.write("second", theme(tier()))
    assert project.refusals() == [
        "second.yml:6: scheme tier: id: 'tier' stands already, in the scheme tier."
    ]


def test_a_sensitive_scheme_may_read_a_sensitive_one(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier(sensitive="true")))
    project.write("second", theme(tier(id="other", population="tier = 'high'", sensitive="true")))
    project.load()

    project.write("third", theme(tier(id="third", population="other = 'high'")))
    (told,) = project.refusals()
    assert told.startswith("third.yml:")
    assert "'other' is sensitive" in told


def test_a_theme_that_is_off_is_checked_too(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("on", theme(tier()))
    project.write("off", theme(tier(id="other", by="net_amout")))
    project.themes.remove("off")
    (told,) = project.refusals()
    assert told.startswith("off.yml:")


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier(by="net_amout"), tier(id="other", by="ordercount")))
    project.write("second", theme(tier(id="third", by="recencydays")))
    assert len(project.refusals()) == 3


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier()))
    file = project.policy / "first.yml"
    file.write_bytes(file.read_text("utf-8").encode("gb18030"))
    assert project.refusals() == ["first.yml: is not UTF-8; save it as UTF-8."]


def test_a_theme_that_is_switched_on_needs_both_its_files(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier()))
    (project.policy / "first.sql").unlink()
    (told,) = project.refusals()
    assert "first.sql is missing" in told
    (project.policy / "first.yml").unlink()
    (told,) = project.refusals()
    assert "first.yml is missing" in told


def test_the_sql_of_a_theme_holds_its_one_line(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier()))
    (project.policy / "first.sql").write_text("select '{{ env_var(\"HOME\") }}' as home\n", "utf-8")
    assert project.refusals() == [
        "first.sql:1: expected the line {{ classify() }} and nothing else."
    ]


@pytest.mark.parametrize(
    "file",
    ["old/first.sql", "old/first.yml", ".git/deep/x.sql", "x.py", "x.yaml", "x.SQL", "x.Yml"],
)
def test_what_dbt_would_take_unchecked_is_refused(tmp_path: Path, file: str) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier()))
    stranger = project.policy / file
    stranger.parent.mkdir(parents=True, exist_ok=True)
    stranger.write_text("{{ classify() }}\n", "utf-8")
    (told,) = project.refusals()
    assert told.startswith(f"{file}: dbt would take this file too, unchecked;")


@pytest.mark.parametrize(
    "file",
    ["README.md", "old/seed_tier_playbook.csv", ".first.sql.swp", "old/.first.sql", "a/~$b.sql"],
)
def test_what_dbt_passes_over_may_lie_beside_the_policy(tmp_path: Path, file: str) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier()))
    beside = project.policy / file
    beside.parent.mkdir(exist_ok=True)
    beside.write_text("select 1", "utf-8")
    assert list(project.load().themes) == ["first"]


@pytest.mark.parametrize(
    "line", ["{{classify()}}", "\ufeff{{ classify() }}", "\n{{- classify() -}}\n"]
)
def test_the_one_line_may_be_written_in_other_ways(tmp_path: Path, line: str) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier()))
    (project.policy / "first.sql").write_text(line, "utf-8")
    assert list(project.load().themes) == ["first"]


def test_a_theme_that_is_switched_on_lies_in_the_folder(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier()))
    for ending in ("yml", "sql"):
        (project.policy / f"first.{ending}").rename(tmp_path / f"first.{ending}")
    project.themes = ["../first"]
    (told,) = project.refusals()
    assert told.endswith("the theme '../first' is switched on but ../first.yml is missing.")


def test_the_list_of_themes_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier()))
    (project.policy / "themes.txt").write_text("first\r\n", "utf-8-sig")
    assert project.load().enabled == ("first",)


def test_a_list_of_themes_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("first", theme(tier()))
    (project.policy / "themes.txt").write_text("first", "utf-16")
    assert project.refusals() == ["themes.txt: is not UTF-8; save it as UTF-8."]
