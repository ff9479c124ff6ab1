"""`tiers advise`: advice is shown, and taken in a copy of the policy, never in itself."""

import shutil
import sys
from collections.abc import Callable
from datetime import date
from difflib import ndiff
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from orchestration import cli
from orchestration.advising import AdviceError, kept_advice, write_advised
from orchestration.evaluation.advice_rows import SCHEMA
from orchestration.evaluation.wording import Note, advised, none_better
from orchestration.history import keep_evaluation
from orchestration.policy import load_policy
from orchestration.policy.changing import CannotChange, with_number
from orchestration.settings import DBT_PROJECT, Settings

ADVISED = {
    "pyramid": ("classes[1].top", "5%", "8%"),
    "value_score": ("classes[0].at_least", "3.8", "3.6"),
    "vip_value": ("dimensions.f.weight", "1", "2"),
    "importance": ("classes[2].top", "25%", "30%"),
}


def row(scheme: str, note: Note, change: tuple[str, str, str] | None = None) -> dict[str, object]:
    names = ("place", "from_value", "to_value")
    told = dict(zip(names, change or (None, None, None), strict=True))
    numbers = dict.fromkeys(("value_now", "value_then", "low", "high"), 0 if change else None)
    return {"scheme": scheme, **told, **numbers, "note_en": note.en, "note_zh": note.zh}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home that keeps advice; `importance` had another number when it was evaluated."""
    policy = shutil.copytree(DBT_PROJECT / "policy", tmp_path / "policy")
    settings = Settings(home=tmp_path / "home", policy_dir=policy)
    rows = [row("quality", none_better())]
    rows += [row(scheme, advised(*change), change) for scheme, change in ADVISED.items()]
    file = tmp_path / "advice.parquet"
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), file)
    keep_evaluation(settings.history, date(2024, 5, 25), {"scheme_advice": file})
    return settings


def changed_lines(before: Path, after: Path) -> list[str]:
    was, now = (each.read_text("utf-8").splitlines() for each in (before, after))
    return [line for line in ndiff(was, now) if line[0] in "+-"]


def test_advice_that_is_no_longer_about_the_policy_is_none(settings: Settings) -> None:
    found = {each.scheme: each for each in kept_advice(settings)}
    assert list(found)[:3] == ["pyramid", "value_score", "vip_value"]
    assert found["importance"].place is None
    assert "policy has changed since" in found["importance"].note_en
    assert "策略此后已更改" in found["importance"].note_zh
    (one,) = kept_advice(settings, "pyramid")
    assert (one.place, one.from_value, one.to_value) == ADVISED["pyramid"]


@pytest.mark.parametrize("scheme", ["pyramid", "value_score", "vip_value"])
def test_the_copy_differs_in_one_number_and_nothing_else(
    settings: Settings, tmp_path: Path, scheme: str
) -> None:
    copy, policy = tmp_path / "copy", settings.policy_dir
    before = {path.name: path.read_bytes() for path in policy.iterdir()}
    write_advised(settings, scheme, copy)
    assert {path.name: path.read_bytes() for path in policy.iterdir()} == before
    changed = [name for name in before if (copy / name).read_bytes() != before[name]]
    assert changed == ["value.yml"]
    assert {path.name for path in copy.iterdir()} == set(before)
    was, now = changed_lines(policy / "value.yml", copy / "value.yml")
    _, old, new = ADVISED[scheme]
    if scheme == "vip_value":
        assert now[2:] == was[2:].replace("f: {by", "f: {weight: 2, by")
    else:
        assert now[2:] == was[2:].replace(f": {old}}}", f": {new}}}")
    assert load_policy(copy).hash != load_policy(policy).hash
    # What was taken is no longer advised.
    taken = Settings(home=settings.home, policy_dir=copy)
    assert kept_advice(taken, scheme)[0].place is None


def test_what_cannot_be_written_is_refused(settings: Settings, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    with pytest.raises(AdviceError, match="exists already"):
        write_advised(settings, "pyramid", there)
    for scheme, told in (
        ("quality", "No change of one number"),
        ("importance", "policy has changed since"),
        ("membership", "no ladder or score that was evaluated. These were: quality"),
    ):
        with pytest.raises(AdviceError, match=told):
            write_advised(settings, scheme, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    with pytest.raises(AdviceError, match="`tiers evaluate` replays the past"):
        kept_advice(Settings(home=tmp_path / "empty"))


def test_a_number_is_changed_in_any_layout() -> None:
    text = "a:\r\n- by: x  # 漏斗 5%\r\n  top: '5%'  # was 4%\r\nb: 5%\r\n"
    changed = with_number(text, ("a", 0, "top"), "8%")
    assert changed == text.replace("'5%'", "8%")
    added = with_number("a:\n  by: x  # note\n  best: low\n", ("a", "weight"), "0.5")
    assert added == "a:\n  weight: 0.5\n  by: x  # note\n  best: low\n"
    with pytest.raises(CannotChange, match="in 2 places"):
        with_number("a: &same {top: 5%}\nb: *same\n", ("a", "top"), "8%")
    with pytest.raises(CannotChange, match="no mapping of its own"):
        with_number("a: [1]\n", ("b", "top"), "8%")
    assert yaml.safe_load(changed)["a"][0]["top"] == "8%"


@pytest.fixture
def tiers(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setenv("TIERS_HOME", str(settings.home))
    monkeypatch.setenv("TIERS_POLICY_DIR", str(settings.policy_dir))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tiers", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_the_command_shows_advice_and_how_to_try_it(
    tiers: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, printed, _ = tiers("advise")
    assert code == 0
    assert "classes[1].top" in printed
    assert "quality: No change of one number would be better for sure." in printed
    assert "tiers advise pyramid --write DIR" in printed
    assert "quality: 改动任何单个数字" in tiers("advise", "quality", "--lang", "zh")[1]
    copy = tmp_path / "copy"
    code, printed, _ = tiers("advise", "pyramid", "--write", str(copy))
    assert (code, copy.is_dir()) == (0, True)
    assert printed.endswith(f"tiers preview {copy}\n")
    assert tiers("advise", "pyramid", "--write", str(copy))[0] == 2
    code, _, told = tiers("advise", "--write", str(copy))
    assert (code, "Name the scheme" in told) == (2, True)
