"""What goes wrong in any export: every fate that a row can have, of few enough rows to go on."""

from dataclasses import dataclass, field

from orchestration.sources.synthetic.dice import Dice
from orchestration.sources.synthetic.files import Row

Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Mishap:
    """Rows that arrive once more at the end of a file, changed.

    Attributes:
        fate: what becomes of them; those after the day are staged, but do not count on it.
        is_new: they have keys of their own; else they are versions of the rows that stand.
    """

    file: str
    fate: str
    rows: int
    changes: Row = field(default_factory=dict)
    is_new: bool = False


MISHAPS = (
    Mishap("customers", "duplicate", 3),
    Mishap("customers", "superseded", 5, {"更新时间": "2020/01/01 00:00", "城市": "旧址"}),
    Mishap("customers", "deleted", 2, {"已删除": "是", "推荐人": ""}, is_new=True),
    Mishap("customers", "quarantined", 1, {"购买意向": "再说吧"}, is_new=True),
    Mishap("customers", "quarantined", 1, {"出生日期": "1985年02月30日"}, is_new=True),
    Mishap("orders_web", "duplicate", 4),
    Mishap("orders_web", "superseded", 6, {"更新时间": "2020/01/01 00:00", "实付金额": "1.00"}),
    Mishap("orders_web", "deleted", 3, {"已删除": "是"}, is_new=True),
    Mishap("orders_web", "quarantined", 4, {"客户编号": ""}, is_new=True),
    Mishap("orders_web", "quarantined", 2, {"实付金额": "待定"}, is_new=True),
    Mishap("orders_web", "staged", 3, {"下单时间": "2025/07/01 09:15"}, is_new=True),
    Mishap("orders_store", "quarantined", 2, {"下单时间": "2025-02-30 10:00:00"}, is_new=True),
    Mishap("orders_overseas", "waiting", 2, {"币种": "欧元"}, is_new=True),
    Mishap("order_lines", "quarantined", 3, {"数量": "两件"}),
    Mishap("refunds", "duplicate", 1),
    Mishap("interactions", "quarantined", 4, {"类型": "传真"}, is_new=True),
    Mishap("interactions", "duplicate", 5),
    Mishap("feedback", "quarantined", 2, {"类型": "满意度调查", "分数": "11"}, is_new=True),
    Mishap("attributes", "quarantined", 3, {"值": ""}),
    Mishap("attributes", "duplicate", 5),
    Mishap("exchange_rates", "duplicate", 2),
)


def with_mishaps(tables: Tables) -> Tables:
    """The rows of each file, and after them those of its mishaps."""
    return {name: [*rows, *_added(name, rows)] for name, rows in tables.items()}


def _added(file: str, rows: list[Row]) -> list[Row]:
    added = []
    key = next(iter(rows[0]))
    for number, mishap in enumerate(MISHAPS):
        dice = Dice("mishap", number)
        for again in range(mishap.rows if mishap.file == file else 0):
            row = dice.one_of(rows) | mishap.changes
            if mishap.is_new:
                row[key] += f"-{number}{again}"
            added.append(row)
    return added
