"""Customers who stand twice, and what a person made of it."""

from collections.abc import Iterator

from orchestration.contact_keys import check_character
from orchestration.sources.synthetic.archetypes import BUSINESS
from orchestration.sources.synthetic.days import day
from orchestration.sources.synthetic.dice import Dice
from orchestration.sources.synthetic.files import Row

NUMBER, MAIL, CODE = "客户编号", "邮箱", "信用代码"
TWINS = 6
APPROVED = 4


def registration_code(dice: Dice, kind: str) -> str:
    """A code of a place that does not exist, 000000, so that nobody real has it."""
    if kind != BUSINESS:
        return ""
    body = "91000000" + "".join(dice.one_of("0123456789") for _ in range(9))
    return body + check_character(body)


def twin_rows(customers: list[Row]) -> list[Row]:
    """Some customers once more, under another number, their addresses typed by somebody else."""
    first = customers[:: len(customers) // TWINS][:TWINS]
    return [row | {NUMBER: f"{row[NUMBER]}B", MAIL: row[MAIL].upper()} for row in first]


def merge_rows(twins: list[Row]) -> Iterator[Row]:
    """Most of them were found to be one; the last of these was a mistake, and taken back."""
    for number, row in enumerate(twins[:APPROVED], start=1):
        is_back = number == APPROVED
        yield {
            "重复编号": row[NUMBER],
            "保留编号": row[NUMBER].removesuffix("B"),
            "批准人": f"E{number:02}",
            "批准时间": f"{day(30 + number)} 09:00:00",
            "原因": "同一邮箱",
            "更新时间": f"{day(20 if is_back else 30 + number)} 09:00:00",
            "已撤销": "是" if is_back else "否",
        }
