"""Settings from the environment: what is refused, and how it is told."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from dotenv import dotenv_values

from orchestration.settings import PROJECT, SettingError, Settings


@pytest.mark.parametrize(
    ("text", "share"), [("", "0.01"), ("0", "0"), ("0.25", "0.25"), ("1", "1")]
)
def test_a_share_is_a_decimal_between_0_and_1(text: str, share: str) -> None:
    settings = Settings.from_environment({"TIERS_MAX_QUARANTINED_SHARE": text})
    assert settings.max_quarantined_share == Decimal(share)


@pytest.mark.parametrize("text", ["1 %", "-0.1", "1.01", "NaN", "some"])
def test_any_other_share_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingError, match=r"TIERS_MAX_QUARANTINED_SHARE is .* between 0 and 1"):
        Settings.from_environment({"TIERS_MAX_QUARANTINED_SHARE": text})


@pytest.mark.parametrize(
    "name", ["TIERS_KEEP_RELEASES", "TIERS_THREADS", "TIERS_MAX_RUNTIME_MINUTES"]
)
@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_a_count_is_a_whole_number(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=rf"{name} is .* whole number"):
        Settings.from_environment({name: text})


def test_postgresql_is_off_until_it_is_set_and_its_url_is_never_shown() -> None:
    assert Settings.from_environment({}).postgres is None
    url = "postgresql://publisher:s3cret@db/bi"
    settings = Settings.from_environment({"TIERS_PUBLISH_POSTGRES": url})
    assert (settings.postgres, settings.postgres_schema) == (url, "customer_tiers")
    assert "s3cret" not in repr(settings)
    with pytest.raises(SettingError, match="TIERS_PUBLISH_POSTGRES is no URL") as refused:
        Settings.from_environment({"TIERS_PUBLISH_POSTGRES": "host=db password=s3cret"})
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9093/alerts",
        "https://hooks.example.com/T0/B0?key=s3%20cret&to=a@b",
        "http://[::1]:80",
        "https://alerts_at-work",
    ],
)
def test_a_webhook_is_an_address_of_the_web(url: str) -> None:
    assert Settings.from_environment({"TIERS_ALERT_WEBHOOK": url}).alert_webhook == url


@pytest.mark.parametrize(
    "url",
    [
        "https://user:s3cret@alerts.example.com/hook",
        "https://s3cret@alerts.example.com",
        "https://alerts.example.com/s3cret hook",
        "https://alerts.example.com/s3cret/钩子",
        "https://alerts.example.com:s3cret/hook",
        "https:///s3cret",
        "https://[s3cret",
        "alerts.example.com/s3cret",
    ],
)
def test_a_webhook_that_cannot_be_posted_to_is_refused_and_never_shown(url: str) -> None:
    with pytest.raises(SettingError, match="TIERS_ALERT_WEBHOOK is no address") as refused:
        Settings.from_environment({"TIERS_ALERT_WEBHOOK": url})
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("name", ["public", "pg_mine", "Mine", "with space", "1st", "x" * 41])
def test_a_schema_of_others_or_an_odd_name_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match=r"TIERS_PUBLISH_SCHEMA is .* belongs to the releases"):
        Settings.from_environment({"TIERS_PUBLISH_SCHEMA": name})


@pytest.mark.parametrize("text", ["", "duckdb", "spark"])
def test_the_engine_is_one_of_two(text: str) -> None:
    assert Settings.from_environment({"TIERS_ENGINE": text}).engine == (text or "duckdb")


def test_any_other_engine_is_refused_by_name() -> None:
    with pytest.raises(SettingError, match="TIERS_ENGINE is 'Spark'; expected duckdb or spark"):
        Settings.from_environment({"TIERS_ENGINE": "Spark"})


@pytest.mark.parametrize("text", ["4GB", "2GiB", "1.5 gb", "512MiB", "80%"])
def test_a_limit_of_memory_is_a_size(text: str) -> None:
    assert Settings.from_environment({"TIERS_MEMORY_LIMIT": text}).memory_limit == text


@pytest.mark.parametrize("text", ["lots", "4", "4 apples", "-1GB"])
def test_any_other_limit_of_memory_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingError, match=r"TIERS_MEMORY_LIMIT is .* such as 4GB"):
        Settings.from_environment({"TIERS_MEMORY_LIMIT": text})


def test_every_line_of_the_example_of_settings_can_be_taken_as_it_stands(tmp_path: Path) -> None:
    shown = (PROJECT / ".env.example").read_text("utf-8")
    taken = tmp_path / ".env"
    taken.write_text(re.sub(r"(?m)^#(?=TIERS_)", "", shown), "utf-8")
    said = {name: text or "" for name, text in dotenv_values(taken).items()}
    assert len(said) == shown.count("#TIERS_") > 15
    Settings.from_environment(said)
    for name, text in said.items():
        assert text == text.split("  ")[0], f"{name}: what explains it is no part of its value"
