"""What every theme has."""

from collections.abc import Mapping
from typing import ClassVar

from ..calibration import Calibration
from ..rows import Row


class Theme:
    """A group of schemes, calibrated for one day.

    Attributes:
        attributes: the attributes that its schemes read, as text or number.
        columns: what it adds to customer_classes.
        sensitive: what it adds to sensitive_classes instead.
    """

    attributes: ClassVar[Mapping[str, str]] = {}
    columns: ClassVar[tuple[str, ...]]
    sensitive: ClassVar[tuple[str, ...]] = ()

    def __init__(self, calibration: Calibration) -> None:
        """Rank the customers by whatever the schemes rank."""

    @staticmethod
    def measure(row: Row) -> Row:
        """The metrics of the theme, from facts and attributes alone."""
        return {}

    def judge(self, row: Row) -> Row:
        """Every class and score of one customer, by name of column."""
        raise NotImplementedError
