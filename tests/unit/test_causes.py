"""What a failed run says of its cause."""

from collections.abc import Iterator

import dagster as dg

from orchestration.days import DayError
from orchestration.running import _cause


def told_by(failing: dg.ResourceDefinition | Exception) -> str:
    """What is told of a job whose resource, or whose only step, fails."""

    @dg.op(required_resource_keys={"given"})
    def step() -> None:
        if isinstance(failing, Exception):
            raise failing

    given = failing if isinstance(failing, dg.ResourceDefinition) else none

    @dg.job(resource_defs={"given": given})
    def job() -> None:
        step()

    result = job.execute_in_process(raise_on_error=False)
    for event in result.all_events:
        if event.is_step_failure:
            return _cause(event.step_failure_data.error)
        if event.is_run_failure:
            return _cause(event.job_failure_data.error)
    raise AssertionError("nothing failed")


@dg.resource
def none() -> None:
    """Nothing that a step needs."""


@dg.resource
def refusing() -> Iterator[None]:
    raise DayError("2030-01-01 has not come yet.")
    yield


def test_a_message_of_ours_stands_without_the_class_that_raised_it() -> None:
    assert told_by(DayError("2030-01-01 has not come yet.")) == "2030-01-01 has not come yet."


def test_the_class_of_a_foreign_error_is_told() -> None:
    assert told_by(KeyError("orders")) == "KeyError: 'orders'"


def test_what_dagster_wraps_is_told_in_its_place() -> None:
    assert told_by(refusing) == "2030-01-01 has not come yet."


def test_an_error_without_any_account_is_told_as_one() -> None:
    assert _cause(None) == "no reason was given"
