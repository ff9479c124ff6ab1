"""A store that cannot be used is told of before anything is pulled, and no secret is."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from cut_line import CutLine
from s3_fixture import Stored
from s3_server import BUCKET
from shell import Shell
from small_company import SmallCompany

from orchestration.settings import SettingError, Settings
from orchestration.store import bucket as buckets
from orchestration.store import working_in
from orchestration.store.bucket import StoreError

SECRET = "a-secret-that-nobody-may-see"


@pytest.fixture
def unused(
    tmp_path: Path,
    stored: Stored,
    monkeypatch: pytest.MonkeyPatch,
) -> Shell:
    """A company that never ran, and a shell with the settings of its store."""
    monkeypatch.setitem(buckets.PATIENCE, "max_retries", 1)
    company = SmallCompany.found(tmp_path / "exports", Settings(tmp_path / "home"))
    for name, value in {**stored.server.options, "TIERS_STORE": stored.url}.items():
        monkeypatch.setenv(name, value)
    return Shell(company, monkeypatch)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"TIERS_STORE": "s3://no-such-bucket/x"}, "There is no such bucket"),
        ({"AWS_SECRET_ACCESS_KEY": SECRET}, "AWS_SECRET_ACCESS_KEY is not the secret of"),
        ({"AWS_ACCESS_KEY_ID": SECRET}, "Nobody has this AWS_ACCESS_KEY_ID"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "cannot be reached"),
        ({"AWS_ENDPOINT_URL": "no address"}, "AWS_ENDPOINT_URL is no address"),
        ({"AWS_ENDPOINT_URL": f"http://{SECRET}@h:1"}, "AWS_ENDPOINT_URL is no address"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_pulled(
    unused: Shell, monkeypatch: pytest.MonkeyPatch, wrong: Mapping[str, str], told: str
) -> None:
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    code, out, err = unused.tiers("run")
    assert (code, out) == (1, "")
    assert told in err
    assert SECRET not in err and "Debug" not in err
    assert not (unused.company.settings.home / "landing").exists()


@pytest.mark.parametrize("url", ["https://bucket/x", f"s3://{SECRET}:x@host/b", "s3://", "bucket"])
def test_an_address_that_is_none_is_refused_unquoted(url: str) -> None:
    with pytest.raises(SettingError, match="s3://BUCKET/PREFIX") as told:
        Settings.from_environment({"TIERS_STORE": url})
    assert SECRET not in str(told.value)


def test_settings_do_not_show_their_secret() -> None:
    settings = Settings.from_environment({"AWS_SECRET_ACCESS_KEY": SECRET})
    assert settings.store_options == {"AWS_SECRET_ACCESS_KEY": SECRET}
    assert SECRET not in repr(settings)


def test_a_prefix_that_holds_something_else_is_left_alone(stored: Stored, tmp_path: Path) -> None:
    stored.bucket.put("a letter", b"to somebody")
    with pytest.raises(StoreError, match="no store of this project"):
        bring(stored.settings(Settings(tmp_path / "home")))
    assert stored.objects() == {"a letter": b"to somebody"}


def test_a_server_that_knows_no_conditional_put_is_refused(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(self: buckets.Bucket, key: str, content: bytes, etag: str | None) -> buckets.Put:
        self.put(key, content)
        return buckets.Put("any", False)

    monkeypatch.setattr(buckets.Bucket, "replace", put)
    for _ in range(2):
        with pytest.raises(StoreError, match="conditional puts"):
            bring(stored.settings(Settings(tmp_path / "home")))
    assert stored.objects() == {}


def test_a_put_whose_answer_was_lost_is_not_taken_for_another_machine_s(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = buckets.Bucket.replace

    def twice(self: buckets.Bucket, key: str, content: bytes, etag: str | None) -> buckets.Put:
        once(self, key, content, etag)
        return once(self, key, content, etag)

    bring(stored.settings(Settings(tmp_path / "home")))
    monkeypatch.setattr(buckets.Bucket, "replace", twice)
    (tmp_path / "home" / "history").mkdir()
    (tmp_path / "home" / "history" / "any").write_text("new")
    bring(stored.settings(Settings(tmp_path / "home")))
    assert b"new" in stored.objects().values()


def test_a_server_that_goes_away_in_the_middle_costs_nothing_of_what_was_done(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(buckets.PATIENCE, "max_retries", 1)
    line = CutLine(stored.server.port)
    settings = stored.settings(Settings(tmp_path / "home"))
    over_line = {**settings.store_options, "AWS_ENDPOINT_URL": line.endpoint}
    with (
        pytest.raises(StoreError, match="cannot be reached"),
        working_in(replace(settings, store_options=over_line), "a run"),
    ):
        line.cut()
        (tmp_path / "home" / "history").mkdir()
        (tmp_path / "home" / "history" / "any").write_text("new")
    assert len(stored.objects()) == 2
    bring(settings)
    assert b"new" in stored.objects().values()


def test_a_bucket_that_keeps_what_is_removed_is_told_of(stored: Stored, tmp_path: Path) -> None:
    stored.server.make_versioned("versioned")
    settings = stored.settings(Settings(tmp_path / "home"))
    for store, warnings in (("s3://versioned/x", 1), (settings.store, 0)):
        told: list[str] = []
        home = tmp_path / f"home{warnings}"
        with working_in(replace(settings, home=home, store=store), "a run", told.append):
            pass
        assert len([each for each in told if "whoever is erased stays" in each]) == warnings


def test_the_commands_of_the_store_tell_what_is_there(
    unused: Shell, stored: Stored, tmp_path: Path
) -> None:
    assert unused.tiers("store", "status")[1].startswith(f"{stored.url} is empty")
    assert unused.tiers("store", "sync")[0] == 0
    code, out, _ = unused.tiers("store", "status")
    assert code == 0
    assert "see nothing yet" in out and "tiers store sync on" in out
    code, _, err = unused.tiers("store", "fetch", str(tmp_path / "here"))
    assert (code, "Nothing is published" in err) == (1, True)
    assert BUCKET in err


def bring(settings: Settings) -> None:
    """Come into step."""
    with working_in(settings, "bringing"):
        pass
