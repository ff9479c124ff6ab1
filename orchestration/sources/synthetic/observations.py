"""What its other companies know of the customers: bank, hospital, school, insurance, telephone."""

from collections.abc import Callable, Iterator

from orchestration.sources.synthetic.days import moment
from orchestration.sources.synthetic.dice import Dice
from orchestration.sources.synthetic.files import Row
from orchestration.sources.synthetic.listing import age_of
from orchestration.sources.synthetic.people import Customer

RISKS = ("保守型", "平衡型", "进取型")
JOINED_BY = ("电话", "营业厅", "手机应用")
# Per attribute, how its value comes from chance and from how well off a customer is.
Values = dict[str, Callable[[Dice, float], str]]

BANK: Values = {
    "资产管理规模": lambda dice, _: str(int(dice.skewed(0, 900)) * 10_000),
    "总资产": lambda dice, standing: str(int(standing * dice.real(50, 400)) * 10_000),
    "风险偏好": lambda dice, standing: dice.one_of(_around(RISKS, standing)),
    "风险承受分": lambda dice, standing: str(int(90 * standing) + dice.whole(0, 10)),
}
HOSPITAL: Values = {
    "年就诊次数": lambda dice, _: str(int(dice.skewed(0, 24))),
    "病情等级": lambda dice, _: str(int(dice.skewed(1, 6))),
}
SCHOOL: Values = {
    "平均成绩": lambda dice, _: str(dice.whole(42, 98)),
    "活动次数": lambda dice, _: str(dice.whole(0, 4)),
}
INSURANCE: Values = {
    "保额": lambda dice, standing: str(dice.whole(5, 20 + int(200 * standing)) * 10_000),
    "年保费": lambda dice, standing: str(500 + int(20_000 * standing * dice.real(0.5, 1))),
    "年理赔": lambda dice, _: str(int(dice.skewed(0, 30_000))),
}
TELEPHONE: Values = {
    "季度话费": lambda dice, standing: f"{60 + 900 * standing * dice.real(0.7, 1):.2f}",
    "季度通话分钟": lambda dice, standing: str(30 + int(3_000 * standing * dice.real(0.5, 1))),
    "逾期次数": lambda dice, standing: str(int((1 - standing) * dice.real(0, 6))),
    "客服联系次数": lambda dice, standing: str(int((1 - standing) * dice.real(0, 10))),
    "入网渠道": lambda dice, standing: dice.one_of(_around(JOINED_BY, standing)),
}
COMPANIES = {"银行": BANK, "医院": HOSPITAL, "保险": INSURANCE, "电信": TELEPHONE}
OLDEST_PUPIL = 25


def attribute_rows(customers: list[Customer]) -> list[Row]:
    """The export of attributes: of each company, about its own customers."""
    return [
        row
        for customer in customers
        if customer.is_consumer
        for name, values in _companies_of(customer)
        for row in _observed(customer, name, values)
    ]


def _companies_of(customer: Customer) -> Iterator[tuple[str, Values]]:
    dice = customer.dice("companies")
    for name, values in COMPANIES.items():
        if dice.happens(0.25):
            yield name, values
    if age_of(customer) <= OLDEST_PUPIL and dice.happens(0.7):
        yield "学校", SCHOOL


def _observed(customer: Customer, company: str, values: Values) -> Iterator[Row]:
    """All of them at one time, of some customers at an earlier one too; the latest counts."""
    dice = customer.dice(company)
    ago = dice.whole(0, 80)
    for earlier in (90, 0) if dice.happens(0.1) else (0,):
        when = moment(dice, ago + earlier)
        for name, value in values.items():
            yield {
                "客户编号": customer.id,
                "指标": name,
                "观测时间": f"{when:%Y-%m-%d %H:%M}",
                "值": value(dice, customer.standing),
            }


def _around(ordered: tuple[str, ...], standing: float) -> tuple[str, ...]:
    """The one that the standing points to, three times, and each other."""
    usual = ordered[int(standing * len(ordered))]
    return (usual, usual, usual, *ordered)
