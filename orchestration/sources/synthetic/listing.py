"""The export of customers."""

from datetime import date

from orchestration.sources.synthetic.archetypes import BUSINESS, CHANNEL, CONSUMER, INTERNAL, YES
from orchestration.sources.synthetic.days import AS_OF, day, moment
from orchestration.sources.synthetic.files import Row
from orchestration.sources.synthetic.people import HOME, Customer
from orchestration.sources.synthetic.twins import registration_code

NAMES = {CONSUMER: "虚构顾客", BUSINESS: "虚构公司", CHANNEL: "虚构渠道", INTERNAL: "虚构部门"}
CITIES = {
    "华东": ("上海", "杭州", "南京"),
    "华南": ("广州", "深圳"),
    "华北": ("北京", "天津"),
    "华中": ("武汉", "长沙"),
    "西南": ("成都", "重庆"),
}
INDUSTRIES = ("零售", "餐饮", "教育", "制造", "物流")
SCHOOLS = ("高中", "大专", "本科", "本科", "硕士")
OCCUPATIONS = ("职员", "教师", "工程师", "个体经营", "医护", "")
INCOMES = ("5万以下", "5-10万", "10-20万", "20-50万", "50万以上")
PRODUCTS = ("会员卡", "会员卡+储值卡", "手机套餐", "保险", "")
CHANNELS = ("搜索", "朋友推荐", "门店", "展会", "短视频")
FOND_OF_REFERRING = ("大手笔常客", "忠诚常客")


def customer_rows(customers: list[Customer]) -> list[Row]:
    """One row per customer that is listed."""
    referrers = [one.id for one in customers if one.archetype.name in FOND_OF_REFERRING]
    listed = [one for one in customers if one.archetype.is_listed]
    return [
        _identity(one)
        | (_person(one) if one.is_consumer else _organisation(one))
        | _dealings(one, referrers)
        | _needs(one)
        | dict(one.archetype.told)
        for one in listed
    ]


def age_of(customer: Customer) -> int:
    """Whole years, from 12 to 79."""
    return customer.dice("age").whole(12, 79)


def _identity(customer: Customer) -> Row:
    dice = customer.dice("identity")
    region = dice.one_of(tuple(CITIES)) if customer.country == HOME else ""
    created = moment(dice, customer.created)
    return {
        "客户编号": customer.id,
        "客户名称": NAMES[customer.archetype.party] + customer.id[1:],
        # Reserved for examples, and too short to be dialled: nobody can be reached by them.
        "邮箱": f"{customer.id.lower()}@example.com",
        "电话": f"000-{customer.id[1:]}",
        "信用代码": registration_code(customer.dice("code"), customer.archetype.party),
        "客户性质": customer.archetype.party,
        "渠道类型": "",
        "国家": customer.country if dice.happens(0.95) else "",
        "地区": region if dice.happens(0.95) else "",
        "城市": dice.one_of(CITIES[region]) if region and dice.happens(0.9) else "",
        "创建时间": f"{created:%Y/%m/%d %H:%M}" if dice.happens(0.97) else "",
        "更新时间": f"{created:%Y/%m/%d} 23:00",
        "已删除": "否",
        "原型": customer.archetype.name,
    }


def _person(customer: Customer) -> Row:
    dice = customer.dice("person")
    age = age_of(customer)
    born = date(AS_OF.year - age - 1, dice.whole(7, 12), dice.whole(1, 28))
    place = int(customer.standing * len(INCOMES))
    return {
        "组织类型": "个人",
        "行业": "",
        "出生日期": f"{born:%Y年%m月%d日}" if dice.happens(0.9) else "",
        "性别": dice.one_of(("男", "女", "男", "女", "")),
        "学历": ("初中" if age < 16 else "高中") if age < 19 else dice.one_of((*SCHOOLS, "")),
        "职业": ("学生" if age < 23 else "退休")
        if not 23 <= age < 62
        else dice.one_of(OCCUPATIONS),
        "收入": INCOMES[place] if dice.happens(0.8) else "",
        "家庭人数": str(dice.whole(1, 6)) if dice.happens(0.8) else "",
        "信用分": str(int(420 + 400 * customer.standing)) if dice.happens(0.8) else "",
        "已购产品": dice.one_of(PRODUCTS) if customer.purchases else "",
    }


def _organisation(customer: Customer) -> Row:
    dice = customer.dice("organisation")
    kind = dice.one_of(("企业", "企业", "企业", "政府", ""))
    large = dice.skewed(2, 300)
    return {
        "组织类型": kind,
        "行业": dice.one_of(INDUSTRIES) if kind == "企业" else "",
        **dict.fromkeys(("出生日期", "性别", "学历", "职业", "收入", "家庭人数"), ""),
        "信用分": str(int(480 + 350 * customer.standing)),
        "已购产品": dice.one_of(PRODUCTS) if customer.purchases else "",
        "合同金额": f"{int(large)}0000.00" if dice.happens(0.5) else "",
    }


def _dealings(customer: Customer, referrers: list[str]) -> Row:
    """How it came and who looks after it."""
    dice = customer.dice("dealings")
    is_referred = customer.is_consumer and dice.happens(0.2)
    # The first few refer most.
    referrer = referrers[int(dice.skewed(0, len(referrers)))] if is_referred else ""
    return {
        "来源": "朋友推荐" if referrer else dice.one_of(CHANNELS),
        "推荐人": "" if referrer == customer.id else referrer,
        "负责人": f"E{dice.whole(1, 12):02}",
        **dict.fromkeys(("指名大客户", "区域大客户", "经由伙伴", "目标客户"), "否"),
        "拒绝联系": YES if dice.happens(0.05) else "否",
    }


def _needs(customer: Customer) -> Row:
    dice = customer.dice("needs")
    is_asked = dice.happens(0.2 if customer.is_consumer else 0.9)
    scores = ("需求分", "产品需求分", "服务需求分", "支持需求分")
    needs = {name: str(dice.whole(0, 100)) if is_asked else "" for name in scores}
    if not customer.purchases:
        # Who has not bought has the needs and the intent of its archetype, or none.
        needs["需求分"] = ""
    intent = dice.one_of(("有兴趣", "考虑犹豫", "")) if customer.purchases and is_asked else ""
    return needs | {"购买意向": intent, "预计购买日": str(day(-60)) if intent == "有兴趣" else ""}
