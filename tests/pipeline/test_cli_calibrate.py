"""`tiers calibrate`: an order for new cuts, and what is refused."""

import pytest
from shell import Shell
from small_company import FIRST_DAY

from orchestration.history import ordered_calibrations


def test_an_order_is_kept_for_the_usual_day_and_names_its_schemes(shell: Shell) -> None:
    shell.company.describe(as_of=FIRST_DAY)
    code, out, err = shell.tiers("calibrate", "rfm", "pyramid", "--reason", "a new shop")
    assert code == 0, err
    assert f"The next run, of {FIRST_DAY} or later, computes the cuts of pyramid, rfm." in out
    history = shell.company.settings.history
    (order,) = ordered_calibrations(history, until=FIRST_DAY)
    assert (order.as_of, order.schemes) == (FIRST_DAY, ("pyramid", "rfm"))
    assert order.reason == "a new shop"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("membership", "--reason", "x"), "membership: no scheme that is switched on and ranks"),
        (("pyramids", "--reason", "x"), "pyramids: no scheme"),
        (("--reason", " "), "Say why"),
    ],
)
def test_what_cannot_be_calibrated_is_refused(
    shell: Shell, arguments: tuple[str, ...], told: str
) -> None:
    code, _, err = shell.tiers("calibrate", *arguments)
    assert code == 2
    assert told in err
    assert ordered_calibrations(shell.company.settings.history, until=FIRST_DAY) == []
