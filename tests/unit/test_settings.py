"""Settings from the environment: what is refused, and how it is told."""

from decimal import Decimal

import pytest

from orchestration.settings import SettingError, Settings


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
