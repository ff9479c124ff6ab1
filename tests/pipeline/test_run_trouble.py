"""What no waiting and no work mends is told at once."""

import errno
from datetime import timedelta
from typing import NoReturn

import dagster as dg
import pytest
from small_company import FIRST_DAY, Listener, SmallCompany, orders_of

from orchestration.instance import open_instance
from orchestration.running import RunFailed

NEXT_DAY = FIRST_DAY + timedelta(1)


def test_a_broken_current_is_told_of_before_anything_is_read(company: SmallCompany) -> None:
    (company.settings.releases / "current").unlink()
    (company.settings.releases / "current").symlink_to("nowhere")
    listener = Listener()
    with pytest.raises(RunFailed, match="current is broken: nowhere is missing"):
        company.run(NEXT_DAY, listener)
    assert listener.said == []


def test_a_full_disk_is_not_waited_for(
    company: SmallCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pull(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("orchestration.assets.landing.pull_table", pull)
    company.export("new", orders_of(NEXT_DAY, range(1, 4)))
    with pytest.raises(RunFailed, match=r"The disk is full\. Free some space"):
        company.run(NEXT_DAY)
    with open_instance(company.settings) as instance:
        log = instance.all_logs(company.runs()[0].run_id)
    events = {entry.dagster_event_type for entry in log if entry.is_dagster_event}
    assert dg.DagsterEventType.STEP_FAILURE in events
    assert dg.DagsterEventType.STEP_UP_FOR_RETRY not in events
