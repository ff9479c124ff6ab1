"""Who is in the company: one line per kind of customer, as many of it as `count` says.

Each kind is there for the classes that it reaches. Its name stands in the column 原型 of the
customers, so that a class can be traced back to the line that was meant for it.
"""

# ruff: noqa: E501  # a table is read line by line

from collections.abc import Mapping
from dataclasses import dataclass, field

Range = tuple[int, int]
MIXED = ("", "", "", "pleased", "fair", "cross", "vexed", "soothed")
CONSUMER, BUSINESS, CHANNEL, INTERNAL = "消费客户", "企业客户", "渠道客户", "内部客户"


@dataclass(frozen=True)
class Phase:
    """A time in which a customer buys.

    Attributes:
        first, last: days before the last day of the data, of its first and its last order.
        every: days from one order to the next; None when there is but the last one.
        yuan: what an order comes to.
    """

    first: Range
    last: Range
    every: Range | None
    yuan: Range


def once(ago: Range, yuan: Range) -> Phase:
    """A single order."""
    return Phase(ago, ago, None, yuan)


@dataclass(frozen=True)
class Archetype:
    """A kind of customer.

    Attributes:
        told: columns of its row among the customers.
        contacts: about how many in the last year.
        deal: open, quoted, answered, won or lost, when it is spoken with about a sale.
        moods: what it may think of the company; blank says nothing.
        returns: share of its orders that it sends back.
        hunts_bargains: buys with a code at a third of the price.
        is_listed: stands among the customers; others are known by their orders alone.
        travels: some of its customers live abroad and pay in their own currency.
    """

    name: str
    count: int
    buys: tuple[Phase, ...] = ()
    party: str = CONSUMER
    told: Mapping[str, str] = field(default_factory=dict)
    contacts: int = 3
    deal: str = ""
    moods: tuple[str, ...] = MIXED
    returns: float = 0.02
    hunts_bargains: bool = False
    is_listed: bool = True
    travels: bool = False


FOND = ("", "pleased", "pleased", "soothed")
SILENT = ("",)
YES = "是"

BUYING = (
    Archetype("大手笔常客", 10, (Phase((400, 600), (0, 12), (8, 14), (1500, 6000)),), contacts=20, moods=FOND),
    Archetype("忠诚常客", 40, (Phase((400, 700), (0, 20), (20, 35), (150, 900)),), contacts=12, moods=FOND),
    Archetype("小额常客", 24, (Phase((330, 420), (0, 12), (12, 20), (15, 60)),), contacts=8),
    Archetype("渐冷大客", 16, (Phase((500, 600), (75, 150), (14, 22), (400, 1500)),)),
    Archetype("渐冷小客", 16, (Phase((450, 600), (75, 150), (14, 22), (15, 50)),)),
    Archetype("近期大单", 20, (once((0, 25), (3000, 9000)),), travels=True),
    Archetype("早前大单", 20, (once((90, 200), (3000, 9000)),)),
    Archetype("新客户", 45, (once((0, 60), (30, 300)),), travels=True),
    Archetype("沉睡大户", 14, (Phase((600, 700), (290, 340), (18, 30), (500, 2000)),), contacts=0),
    Archetype("久别重来", 12, (Phase((900, 1000), (700, 800), (30, 60), (80, 400)), Phase((90, 120), (5, 40), (15, 30), (80, 400)))),
    Archetype("渐入佳境", 20, (Phase((330, 360), (190, 220), (60, 90), (40, 150)), Phase((160, 175), (0, 15), (14, 22), (60, 200)))),
    Archetype("精打细算", 18, (Phase((300, 500), (0, 60), (25, 45), (40, 150)),), contacts=12, hunts_bargains=True),
    Archetype("常退货", 12, (Phase((250, 400), (10, 90), (30, 50), (100, 600)),), returns=0.5, moods=("", "cross", "fair")),
    Archetype("偶尔光顾", 150, (Phase((100, 900), (0, 300), (40, 160), (20, 800)),), travels=True),
    Archetype("只买一次", 50, (once((61, 364), (30, 600)),), travels=True),
    Archetype("已流失", 60, (Phase((700, 1000), (400, 690), (30, 120), (40, 900)),), contacts=1, moods=("", "", "", "cross")),
    Archetype("未登记买家", 20, (once((0, 500), (20, 400)),), party="", contacts=0, moods=SILENT, is_listed=False),
)  # fmt: skip

NOT_YET_BUYING = (
    Archetype("有兴趣", 12, told={"购买意向": "有兴趣", "需求分": "85"}, contacts=8),
    Archetype("考虑中", 12, told={"购买意向": "考虑犹豫", "需求分": "55"}, contacts=6),
    Archetype("暂时不买", 10, told={"购买意向": "暂时不买", "预计购买日": "2025-10-01", "需求分": "35"}),
    Archetype("到期再议", 6, told={"购买意向": "暂时不买", "预计购买日": "2025-05-01", "需求分": "45"}),
    Archetype("肯定不买", 8, told={"购买意向": "肯定不买", "需求分": "5"}, contacts=2),
    Archetype("需求强烈", 6, told={"需求分": "92"}),
    Archetype("需求朦胧", 6, told={"需求分": "15"}),
    Archetype("报价无回音", 10, contacts=6, deal="quoted"),
    Archetype("报价有回音", 8, contacts=6, deal="answered"),
    Archetype("未谈成", 6, contacts=4, deal="lost"),
    Archetype("目标客户", 10, told={"目标客户": YES}),
    Archetype("目标且有意", 8, told={"目标客户": YES, "购买意向": "有兴趣"}, contacts=8),
    Archetype("只看广告", 30, contacts=3, moods=SILENT),
    Archetype("只有登记", 12, contacts=0, moods=SILENT),
)  # fmt: skip

STEADY = Phase((300, 700), (0, 80), (25, 60), (800, 5000))
BUSINESSES = (
    Archetype("直接指名大客户", 7, (STEADY,), BUSINESS, {"指名大客户": YES}, 16, "won", FOND),
    Archetype("间接指名大客户", 7, (STEADY,), BUSINESS, {"指名大客户": YES, "经由伙伴": YES}, 10, "won"),
    Archetype("区域大客户", 8, (STEADY,), BUSINESS, {"区域大客户": YES}, 10),
    Archetype("普通企业", 20, (STEADY,), BUSINESS),
    Archetype("一次性企业", 8, (once((400, 900), (500, 6000)),), BUSINESS, contacts=0, moods=SILENT),
    Archetype("企业商机", 12, (), BUSINESS, contacts=8, deal="open"),
    Archetype("企业线索", 12, (), BUSINESS, contacts=3, moods=SILENT),
    Archetype("分销商", 5, (STEADY,), CHANNEL, {"渠道类型": "分销商"}, 8),
    Archetype("区域分销商", 5, (STEADY,), CHANNEL, {"渠道类型": "区域分销商"}, 8),
    Archetype("代理商", 5, (STEADY,), CHANNEL, {"渠道类型": "代理商"}, 8),
    Archetype("经销商", 5, (STEADY,), CHANNEL, {"渠道类型": "经销商"}, 8),
    Archetype("专卖店", 5, (STEADY,), CHANNEL, {"渠道类型": "专卖店"}, 8),
    Archetype("未定类渠道", 3, (STEADY,), CHANNEL),
    Archetype("内部部门", 8, (Phase((300, 600), (10, 90), (60, 120), (50, 400)),), INTERNAL, contacts=0),
)  # fmt: skip

ARCHETYPES = (*BUYING, *NOT_YET_BUYING, *BUSINESSES)
