"""What each stage may read, and where each kind of word may stand."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from orchestration.settings import DBT_PROJECT, PROJECT

MODELS = sorted(
    path
    for folder in ("models/staging", "models/facts", "models/classification", "policy")
    for path in (DBT_PROJECT / folder).rglob("*.sql")
)
PYTHON = sorted((PROJECT / "orchestration").rglob("*.py"))

# Nothing flows backwards: a stage reads itself and what stands left of it.
MAY_READ = {
    "staging": {"staging", "landing"},
    "facts": {"facts", "staging", "landing"},
    "classification": {"classification", "facts", "staging", "landing", "history", "policy"},
}
# Staging alone sees raw rows; later stages take only the parameters of the run from the landing.
LANDING_FOR_ALL = {"run_parameters", "supplied", "loads"}
# What an evaluation found of customers is a fact of them; nothing that a day decided is.
FOUND_FOR_FACTS = {"predictions", "segments"}


def stage_of(path: Path) -> str:
    return "classification" if path.parent.name == "policy" else path.parent.name


# What a person writes, as YAML or as a seed, is policy.
SEEDS = sorted((DBT_PROJECT / "seeds").glob("*.csv"))
STAGE_OF_MODEL = {path.stem: stage_of(path) for path in MODELS} | {
    path.stem: "policy" for path in SEEDS
}


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", MODELS, ids=name_of)
def test_a_model_reads_only_stages_that_stand_before_it(path: Path) -> None:
    sql = path.read_text("utf-8")
    allowed = MAY_READ[stage_of(path)]
    for model in re.findall(r"ref\(\s*['\"](\w+)['\"]\s*\)", sql):
        assert STAGE_OF_MODEL[model] in allowed, f"{path.name} reads {model}"
    for source, table in re.findall(r"source\(\s*['\"](\w+)['\"],\s*['\"](\w+)['\"]", sql):
        found = source == "history" and table in FOUND_FOR_FACTS and "facts" in allowed
        assert source in allowed or found, f"{path.name} reads {source}.{table}"
        if source == "landing" and stage_of(path) != "staging":
            assert table in LANDING_FOR_ALL, f"{path.name} reads raw rows of {table}"


@pytest.mark.parametrize("path", MODELS, ids=name_of)
def test_a_model_is_described_beside_it_as_one_row_per(path: Path) -> None:
    (model,) = yaml.safe_load(path.with_suffix(".yml").read_text("utf-8"))["models"]
    assert model["name"] == path.stem
    assert re.match(r"One row( per| that|[,:])", model["description"].strip()), model["description"]


def public_models() -> dict[str, dict[str, object]]:
    found = {}
    for path in MODELS:
        (model,) = yaml.safe_load(path.with_suffix(".yml").read_text("utf-8"))["models"]
        if model.get("config", {}).get("access") == "public":
            found[path.stem] = model
    return found


@pytest.mark.parametrize("name", public_models())
def test_a_public_model_has_a_key_and_a_contract(name: str) -> None:
    model = public_models()[name]
    config = model["config"]
    assert isinstance(config, dict)
    assert config["meta"]["key"], f"{name} has no key to be ordered by"
    # The columns of these two follow the policy; a contract would make a scheme a change of code.
    if name not in {"customer_classes", "class_history"}:
        assert config["contract"]["enforced"] is True
        columns = model["columns"]
        assert isinstance(columns, list)
        assert all(column["description"] and column["data_type"] for column in columns)


@pytest.mark.parametrize("path", MODELS, ids=name_of)
def test_a_public_model_names_its_columns(path: Path) -> None:
    if path.stem in public_models():
        last = path.read_text("utf-8").rsplit("\nselect", 1)[-1]
        assert not re.match(r"\s*\*", last), f"{path.name} ends in select *"


def test_the_catalogue_of_the_readme_is_what_is_published() -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    catalogue = readme.split("<!-- catalogue -->")[1].split("<!-- /catalogue -->")[0]
    listed = re.findall(r"^\| (\w+) \|", catalogue, re.MULTILINE)
    assert set(listed) - {"table"} == set(public_models())


# Words of one engine; the other spells them differently or has them not.
ENGINE_WORDS = re.compile(
    r"\b(read_parquet|read_csv|strptime|try_strptime|regexp_matches|regexp_full_match|unnest|"
    r"list_\w+|struct_pack|epoch|epoch_ms|date_diff|date_sub|dayofweek|"
    r"arg_max|arg_min|string_agg|hash|md5|json_extract|timezone)\s*\(|"
    r"\b(current_date|exclude|union (all )?by name|asof|qualify)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "path",
    [*MODELS, *sorted(p for p in (DBT_PROJECT / "macros").glob("*.sql") if p.stem != "engine")],
    ids=name_of,
)
def test_words_of_one_engine_stand_only_in_the_engine_macros(path: Path) -> None:
    sql = re.sub(r"\{#.*?#\}|--[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not ENGINE_WORDS.findall(sql)
    assert "::" not in sql


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_dagster_is_the_outer_shell_only() -> None:
    inside = ("sources", "publishing", "history", "landing", "policy", "expressions", "settings")
    for path in PYTHON:
        if path.relative_to(PROJECT / "orchestration").parts[0].removesuffix(".py") in inside:
            assert not imports(path) & {"dagster", "dagster_dbt"}, f"{path} imports Dagster"


def test_great_expectations_is_imported_late() -> None:
    """It takes seconds. The second of both is imported by the first, when a gate is asked."""
    importers = {path.name for path in PYTHON if "great_expectations" in imports(path)}
    assert importers == {"expectations.py", "custom_expectations.py"}
    late = "orchestration.auditing.custom_expectations"
    assert [path.name for path in PYTHON if late in path.read_text("utf-8")] == ["expectations.py"]


def test_one_module_reads_the_environment() -> None:
    readers = {
        path.name
        for path in PYTHON
        if re.search(r"os\.environ\.get|os\.getenv|os\.environ\[[^]]+\](?!\s*=)|= os\.environ\b",
                     path.read_text("utf-8"))
    }  # fmt: skip
    assert readers == {"environment.py"}


def test_no_setting_is_undocumented() -> None:
    parts = sorted((PROJECT / "orchestration" / "settings").glob("*.py"))
    settings = "".join(part.read_text("utf-8") for part in parts)
    example = (PROJECT / ".env.example").read_text("utf-8")
    assert set(re.findall(r"TIERS_\w+", settings)) <= set(re.findall(r"TIERS_\w+", example))
