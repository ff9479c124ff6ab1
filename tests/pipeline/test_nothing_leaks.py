"""With a key no personal text and no id gets out, whatever happens to a run."""

import json
import shutil
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from canaries import CANARIES, bad_orders, customer, found_in, leaks, plant
from shell import Shell
from small_company import NEXT_DAY, Poisoner, SmallCompany
from small_release import write_page

from orchestration.manifest import read_manifest
from orchestration.public_tables import public_tables
from orchestration.publishing import ReleaseInfo, publish
from orchestration.running import RunFailed
from orchestration.settings import DBT_PROJECT

pytestmark = pytest.mark.slow
KEY = "a key that nobody may ever read anywhere"
SECRETS = {**CANARIES, "key": KEY}
# Of each small table one row is bad on purpose.
SHARE = Decimal("0.6")


@dataclass
class Told:
    """Everything that was printed or posted, by what was done."""

    texts: dict[str, str] = field(default_factory=dict)

    def leaks(self) -> dict[str, list[str]]:
        found = {name: found_in(text.encode(), SECRETS) for name, text in self.texts.items()}
        return {name: hits for name, hits in found.items() if hits}


class Incident:
    """A home in which everything happens that may happen to a run."""

    def __init__(self, company: SmallCompany, shell: Shell, told: Told) -> None:
        self.company = company
        self.shell = shell
        self.told = told

    def tiers(self, *arguments: str, code: int | None = 0, expected: str = "") -> None:
        found, out, err = self.shell.tiers(*arguments)
        self.told.texts[f"{len(self.told.texts)} tiers {' '.join(arguments)}"] = out + err
        assert code in (None, found) and expected in out + err, out + err

    def run(self, code: int = 0, expected: str = "") -> None:
        self.tiers("run", "--as-of", str(NEXT_DAY), code=code, expected=expected)

    def export(self, rows: list[tuple[str, str, str, str]]) -> None:
        self.company.export("bad", rows)

    def put_right(self) -> None:
        (self.company.folder / "orders_bad.csv").unlink()


def policy_with(folder: Path, scheme: dict[str, object]) -> Path:
    """The bundled policy and a scheme more."""
    shutil.copytree(DBT_PROJECT / "policy", folder)
    path = folder / "value.yml"
    document = yaml.safe_load(path.read_text("utf-8"))
    meta = document["models"][0]["config"]["meta"]
    meta["attributes"] = {**meta.get("attributes", {}), "nickname": "text"}
    meta["schemes"].append(scheme)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return folder


def rules(when: str) -> dict[str, object]:
    label = {"en": "Trial", "zh": "试验"}
    classes = [{"code": "yes", **label, "when": when}, {"code": "no", **label, "otherwise": True}]
    return {"id": "trial", "kind": "rules", "label": label, "classes": classes}


@pytest.fixture
def planted(
    first_run: SmallCompany,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Incident:
    """The small company, its exports replaced by canaries before its first run with a key."""
    folder = tmp_path / "exports"
    settings = replace(
        first_run.settings,
        home=tmp_path / "home",
        pseudonym_key=KEY,
        max_quarantined_share=SHARE,
    )
    company = SmallCompany.found(folder, settings)
    prepared = first_run.settings.dbt_home
    shutil.copytree(prepared, settings.dbt_home, ignore=shutil.ignore_patterns("target", "logs"))
    plant(company)
    monkeypatch.setenv("TIERS_PSEUDONYM_KEY", KEY)
    monkeypatch.setenv("TIERS_MAX_QUARANTINED_SHARE", str(SHARE))
    return Incident(company, Shell(company, monkeypatch), Told())


def test_nothing_leaks_whatever_happens_to_a_run(
    planted: Incident,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    webhook: tuple[str, list[dict[str, str]]],
) -> None:
    home = planted.company.settings.home
    url, posted = webhook
    monkeypatch.setenv("TIERS_ALERT_WEBHOOK", url)
    planted.tiers("sources", "check")
    planted.run()
    for command in ("loads", "quarantine", "identity", "releases", "positions"):
        planted.tiers(command)
    _fail_at_gates_1_and_3(planted)
    _fail_in_the_engine_and_at_gate_2(planted, monkeypatch, tmp_path)
    planted.tiers("loads", expected="rejected")
    _mistake_the_source_file(planted)
    assert posted
    planted.told.texts["alerts"] = json.dumps(posted, ensure_ascii=False)
    planted.told.texts["beside the commands"] = "".join(capsys.readouterr())
    assert planted.told.leaks() == {}
    assert leaks(home, SECRETS) == {}
    _show_that_the_search_finds(planted, home)


def _fail_at_gates_1_and_3(planted: Incident) -> None:
    planted.export(bad_orders(f"{CANARIES['phone']}22 call {CANARIES['name']}"))
    planted.run(1, "amount_is_a_number")
    planted.put_right()
    with pytest.raises(RunFailed, match="gate of published refused") as refused:
        planted.company.run(NEXT_DAY, Poisoner(planted.company.settings, customer(7)))
    planted.told.texts["gate 3"] = str(refused.value)


def _fail_in_the_engine_and_at_gate_2(
    planted: Incident, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """The engine quotes the value that is no date; gate 2 finds rows that contradict each other."""
    wrong = policy_with(folder / "wrong", rules("days_since(nickname) > 5"))
    with monkeypatch.context() as unchecked:
        unchecked.setattr("orchestration.policy.names.check_kind", lambda *_: None)
        unchecked.setenv("TIERS_POLICY_DIR", str(wrong))
        planted.run(1, "a value does not fit in column nickname")
    contradicting = [
        (key, who, moment, f"{number}.00")
        for number, (key, who, moment, _) in enumerate(bad_orders("1.00") * 8)
    ]
    planted.export(contradicting)
    planted.run(1, "staging/ledger")


def _show_that_the_search_finds(planted: Incident, home: Path) -> None:
    """What is written on purpose, in a log or in a release without a key, is found."""
    log = home / "dbt" / "logs" / "dbt.log"
    with log.open("ab") as file:
        file.write(f"row of {CANARIES['name_zh']}".encode("utf-16-le"))
    assert leaks(home, SECRETS) == {"dbt/logs/dbt.log": ["name_zh"]}
    settings = planted.company.settings
    publish(
        settings.warehouse,
        home / "without_key",
        tables=public_tables(read_manifest(settings)),
        info=ReleaseInfo("run", NEXT_DAY, "policy", "Asia/Shanghai", "duckdb", {}),
        audit=lambda database: None,
        write_page=write_page,
        keep=2,
        grace=timedelta(),
        report=print,
    )
    found = {path.rpartition("/")[2]: hits for path, hits in leaks(home, SECRETS).items()}
    assert found["customer_facts.parquet"] == ["id"]
    assert "id" in found["audience_sales.duckdb"]
    assert {"id", "free_text", "name_zh"} <= set(found["customer_tiers.duckdb"])


def _mistake_the_source_file(planted: Incident) -> None:
    """A quote that nobody closes, a header of another length, no header, bytes that are no text."""
    path = planted.company.folder / "customers.csv"
    good = path.read_text("utf-8")
    path.write_text(f'{good}"{CANARIES["name"]}\n{good}', "utf-8")
    planted.tiers("sources", "check", code=None)
    path.write_text(good.replace("phone", "phone,", 1), "utf-8")
    planted.run(1)
    first = ",".join([CANARIES["name"], CANARIES["phone"]] * 2)
    path.write_text(first + good[good.index("\n") :], "utf-8")
    planted.run(1, "several columns of the same name")
    path.write_bytes(good.encode() + b"\xff\xfe\xfd")
    planted.tiers("sources", "check", code=None)
