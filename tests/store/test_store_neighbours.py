"""What else lies in the bucket of a store, other stores above all, is left alone."""

from pathlib import Path

import pytest
from s3_fixture import Stored

from orchestration.settings import Settings
from orchestration.store import working_in
from orchestration.store.bucket import Bucket, StoreError


@pytest.fixture
def inner(stored: Stored) -> Stored:
    """Another store, in the prefix of this one."""
    return Stored(stored.server, f"{stored.prefix}/other")


def test_a_store_in_the_prefix_of_another_is_refused_at_its_beginning(
    stored: Stored, inner: Stored, tmp_path: Path
) -> None:
    put(stored, tmp_path / "home", "one")
    before = stored.objects()
    for store in (inner, Stored(stored.server, f"{inner.prefix}/deeper")):
        with pytest.raises(StoreError, match=f"lies in another store, {stored.url}[.] "):
            put(store, tmp_path / "inner", "two")
    assert stored.objects() == before


def test_a_store_around_another_is_refused_at_its_beginning(
    stored: Stored, inner: Stored, tmp_path: Path
) -> None:
    put(inner, tmp_path / "inner", "one")
    before = stored.objects()
    with pytest.raises(StoreError, match=r"such as other/.*Point TIERS_STORE to an empty prefix"):
        put(stored, tmp_path / "home", "two")
    assert stored.objects() == before


def test_what_a_store_cannot_have_put_outlives_its_changes(stored: Stored, tmp_path: Path) -> None:
    put(stored, tmp_path / "home", "one")
    names = ["notes", "listings/mine.json", "landing/notes", "releases/old/notes", "x/landing/1/y"]
    foreign = dict.fromkeys(names, b"somebody's")
    foreign |= {f"other/{key}": content for key, content in stored.objects().items()}
    left = {"history/000002-0a1b2c3d/any": b"", "releases/2024-01-03T000001-gone/a.parquet": b""}
    for key, content in {**foreign, **left}.items():
        stored.bucket.put(key, content)
    for text in ("two", "three"):
        put(stored, tmp_path / "home", text)
    there = stored.objects()
    assert foreign.items() <= there.items()
    assert len(there) == len(foreign) + 3, "the file, the listing and `current`"


def test_who_may_not_look_above_its_prefix_or_finds_no_store_there_begins_one(
    stored: Stored, inner: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.bucket.put("current", b'{"of": "somebody"}')
    put(inner, tmp_path / "inner", "one")
    assert b"one" in inner.objects().values()
    read, other = Bucket.read, Stored(stored.server, f"{stored.prefix}/another")

    def read_own(self: Bucket, key: str) -> tuple[bytes, str] | None:
        if self.url != other.url:
            raise StoreError("You may not.")
        return read(self, key)

    monkeypatch.setattr(Bucket, "read", read_own)
    put(other, tmp_path / "other", "two")
    assert b"two" in other.objects().values()


def put(stored: Stored, home: Path, text: str) -> None:
    """Put a file of this content."""
    with working_in(stored.settings(Settings(home)), "putting"):
        (home / "history").mkdir(parents=True, exist_ok=True)
        (home / "history" / "any").write_text(text)
