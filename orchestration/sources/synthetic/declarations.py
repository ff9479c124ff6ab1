"""Classes that people set by hand, as they would keep them in a workbook."""

from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.sources.synthetic.days import day
from orchestration.sources.synthetic.files import Row
from orchestration.sources.synthetic.people import Customer

ALWAYS = ""


@dataclass(frozen=True)
class Declaration:
    """What was said of the first customers of an archetype, so many days ago."""

    archetype: str
    customers: int
    scheme: str
    word: str
    ago: int
    reason: str
    valid_to: str = ALWAYS


DECLARATIONS = (
    Declaration("直接指名大客户", 3, "需求层次", "战略客户", 120, "年度框架协议"),
    Declaration("间接指名大客户", 2, "需求层次", "核心客户", 60, "伙伴推荐"),
    Declaration("区域大客户", 2, "需求层次", "普通客户", 30, "本年预算削减"),
    Declaration("有兴趣", 3, "需求强度", "A类", 20, "面谈确认"),
    Declaration("考虑中", 2, "需求强度", "B类", 35, "电话沟通"),
    Declaration("需求朦胧", 2, "需求强度", "C类", 10, "需求未明"),
    Declaration("企业商机", 3, "意向阶段", "考虑犹豫", 15, "等待立项"),
    Declaration("企业线索", 2, "意向阶段", "有兴趣", 8, "展会交流"),
    Declaration("未谈成", 1, "意向阶段", "肯定不买", 40, "已选其他供应商"),
    Declaration("有兴趣", 1, "需求强度", "B类", 60, "首次电话"),  # a newer one wins
    # These are over: the first by its age, the others by what was written.
    Declaration("需求强烈", 1, "需求强度", "C类", 200, "去年底的判断"),
    Declaration("普通企业", 2, "需求层次", "战略客户", 90, "试点期间", str(day(10))),
)


def declaration_rows(customers: list[Customer]) -> list[Row]:
    """The export of declared classes."""
    return [row for declaration in DECLARATIONS for row in _declared(declaration, customers)]


def _declared(said: Declaration, customers: list[Customer]) -> Iterator[Row]:
    meant = [one for one in customers if one.archetype.name == said.archetype]
    for number, customer in enumerate(meant[: said.customers], start=1):
        yield {
            "客户编号": customer.id,
            "体系": said.scheme,
            "声明时间": f"{day(said.ago)} 10:{number:02}:00",
            "类别": said.word,
            "声明人": customer.dice("author").one_of(("E01", "E02", "E03")),
            "原因": said.reason,
            "有效期至": said.valid_to,
        }
