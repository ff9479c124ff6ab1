"""The policy that comes with the project."""

import itertools
import re
import shutil
from pathlib import Path
from typing import NoReturn

import duckdb
import pytest

from orchestration.policy import THEMES, enabled_themes, load_policy
from orchestration.settings import DBT_PROJECT

POLICY = DBT_PROJECT / "policy"


def test_it_loads_with_its_packs_switched_off_and_says_all_of_it_in_both_languages() -> None:
    policy = load_policy(POLICY)
    rows = policy.catalogue()
    assert policy.enabled == enabled_themes(POLICY)
    assert {row["theme"] for row in rows if row["enabled"]} == set(policy.enabled)
    off = {row["theme"] for row in rows if not row["enabled"]}
    assert {theme for theme in off if not theme.startswith("industry_")} == {"predicted"}
    assert all(row["class_en"] and row["class_zh"] for row in rows)
    for row in rows:
        assert re.search("[a-z]", row["scheme_description"]), row["scheme"]
        assert re.search("[\u4e00-\u9fff]", row["scheme_description_zh"]), row["scheme"]


def test_it_loads_with_every_theme_switched_on(tmp_path: Path) -> None:
    folder = shutil.copytree(POLICY, tmp_path / "policy")
    packs = [path.stem for path in sorted(POLICY.glob("industry_*.yml"))]
    themes = ("predicted", *enabled_themes(POLICY), *packs)
    (folder / THEMES).write_text("\n".join(themes), "utf-8")
    assert load_policy(folder).enabled == themes


def test_a_label_changes_the_hash_of_the_policy(tmp_path: Path) -> None:
    folder = shutil.copytree(POLICY, tmp_path / "policy")
    file = folder / "value.yml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("en: High value", "en: Of high value", 1), "utf-8")
    assert load_policy(folder).hash != load_policy(POLICY).hash


def test_a_comment_does_not_change_the_hash_of_the_policy(tmp_path: Path) -> None:
    folder = shutil.copytree(POLICY, tmp_path / "policy")
    file = folder / "value.yml"
    file.write_text(file.read_text("utf-8") + "# Nothing else.\n", "utf-8")
    assert load_policy(folder).hash == load_policy(POLICY).hash


def test_every_rfm_cell_has_exactly_one_segment() -> None:
    scheme = next(scheme for _, scheme in load_policy(POLICY).schemes() if scheme.id == "rfm")
    fits = ", ".join(f"({part.condition}) as {part.code}" for part in scheme.classes)
    cells = [*itertools.product(range(1, 6), repeat=3), (None, None, None)]
    with duckdb.connect() as connection:
        for cell in cells:
            found = connection.execute(
                f"select {fits} from (select ?::int as r, ?::int as f, ?::int as m)", list(cell)
            ).fetchone()
            assert found is not None
            assert sum(bool(each) for each in found) == 1, f"cell {cell} fits {found}"


def test_it_is_not_blamed_for_the_memory_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(scheme: object) -> NoReturn:
        raise duckdb.OutOfMemoryException("failed to allocate data")

    monkeypatch.setattr("orchestration.policy.grid._walk", walk)
    with pytest.raises(duckdb.OutOfMemoryException):
        load_policy(POLICY)
