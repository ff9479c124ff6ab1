"""The page of a release as a file: whole, escaped, small, and the same for the same tables."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from report_tables import DAY, MANIFEST, Fill, ReleaseTables, everything, nothing, write_page

from orchestration import report
from orchestration.settings import PROJECT

TEMPLATE = Path(report.__file__).parent / "template"
VOID = {"meta", "link"}


class Elements(HTMLParser):
    """The elements of a page; fails where they are not nested well."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.references: set[str] = set()
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.ids += [str(given["id"])] if "id" in given else []
        self.references |= {str(given["aria-labelledby"])} if "aria-labelledby" in given else set()
        self.references |= {str(given["href"])[1:]} if tag == "a" else set()
        assert not {"src", "action", "onclick", "onload"} & set(given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page_of(folder: Path, fill: Fill, manifest: Mapping[str, Any] = MANIFEST) -> str:
    return write_page(folder, fill, manifest).read_text("utf-8")


def cells(page: str) -> list[str]:
    """What stands in the cells of tables, in English."""
    page = re.sub(r'<span lang="zh-Hans">[^<]*</span>', "", page)
    return [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", page)]


@pytest.mark.parametrize("fill", [nothing, everything])
def test_the_page_is_well_formed_and_its_references_lead_somewhere(
    tmp_path: Path, fill: Fill
) -> None:
    elements = Elements(page_of(tmp_path, fill))
    assert len(elements.ids) == len(set(elements.ids))
    assert elements.references <= set(elements.ids)
    assert elements.tags.count("h1") == elements.tags.count("main") == 1
    assert elements.tags.count("table") == elements.tags.count("caption") >= 3


def test_an_empty_company_is_told_what_is_missing(tmp_path: Path) -> None:
    page = page_of(tmp_path, nothing)
    for sentence in (
        "No public scheme `pyramid` classifies anybody.",
        "Too few buyers in 365 days",
        "No scheme rfm scores customers in ten parts or fewer.",
        "Not enough history",
        "This is the first day that was decided.",
        "No scheme is switched on.",
        "历史不足",
    ):
        assert sentence in page
    assert "<svg" not in page


def test_what_there_is_is_drawn_and_stands_beside_in_numbers(tmp_path: Path) -> None:
    page = page_of(tmp_path, everything)
    assert page.count("<svg") == 4
    assert "Gold, the top of the pyramid: 10% of its customers, 10% of their net revenue." in page
    assert "Of 60% of the customers nothing is known." in page
    assert "The largest move: 9 customers from outside to x;y (a scheme of before)." in page
    assert "moved: calibrate" in page and "nobody ranked" in page
    assert "Not enough history" not in page
    assert cells(page).count("100%") >= 5


def test_a_move_out_of_no_class_is_told_in_words_when_nobody_is_left_there(tmp_path: Path) -> None:
    def fill(tables: ReleaseTables) -> None:
        tables.scheme("pyramid", {"gold": 5, "lead": 45, "unclassified": 0})
        tables.add("class_history", [("c", DAY - timedelta(1))])
        tables.moved("pyramid", "unclassified", "lead", 8)

    page = page_of(tmp_path, fill)
    assert "8 customers from Unclassified to Lead" in page
    assert "8 位客户从「未分类」到「lead类」" in page


def test_several_classes_at_once_are_told_by_their_labels(tmp_path: Path) -> None:
    def fill(tables: ReleaseTables) -> None:
        tables.scheme("need", {"product": 20, "service": 20})
        tables.add("class_history", [("c", DAY - timedelta(1))])
        tables.moved("need", "service", "product; service", 8)

    page = page_of(tmp_path, fill)
    assert "8 customers from Service to Product; Service (need)" in page
    assert "8 位客户从「service类」到「product类；service类」（need名）" in page


def test_each_scheme_tells_what_the_past_says_of_it(tmp_path: Path) -> None:
    page = page_of(tmp_path, everything)
    for told in ("Spend tells more.", "消费额更好。", "0.70 (0.65 to 0.75)", "Not evaluated yet."):
        assert told in page, told
    assert page.count("Rank correlation with what customers bought") == 1


def test_ids_that_are_pseudonyms_are_told_with_the_id_of_their_key(tmp_path: Path) -> None:
    def fill(tables: ReleaseTables) -> None:
        tables.con.execute("update release_info set pseudonym_key_id = 'a1b2c3d4'")

    page = page_of(tmp_path, fill)
    assert "pseudonyms under key a1b2c3d4" in page and "以密钥 a1b2c3d4 生成的假名" in page


def test_a_warning_says_in_both_languages_what_there_is_and_what_to_do(tmp_path: Path) -> None:
    warning = {
        "suite": "staging/orders",
        "expectation": "orders_are_recent",
        "found": ["days without an order", "没有订单的日子"],
        "what_to_do": ["Look at the export.", ""],
    }
    quality = {**MANIFEST["quality"], "warehouse": {"suites": 11, "warnings": [warning]}}
    page = page_of(tmp_path, everything, {**MANIFEST, "quality": quality})
    assert "passed by 11 tables; warnings: 1" in page
    assert "days without an order" in page and "没有订单的日子" in page
    assert page.count("Look at the export.") == 1, "what has no Chinese stands once, in English"
    assert "A warning stops nothing" in page


def test_without_a_warning_nothing_is_said_of_warnings(tmp_path: Path) -> None:
    assert "A warning stops nothing" not in page_of(tmp_path, everything)


def test_what_a_scheme_tells_stands_in_both_languages(tmp_path: Path) -> None:
    page = page_of(tmp_path, everything)
    assert '<span lang="en">What it tells.</span>' in page
    assert '<span lang="zh-Hans">What it tells.（中文）</span>' in page


def test_texts_of_data_and_policy_are_escaped_everywhere(tmp_path: Path) -> None:
    evil = "</style></script><script>alert('&\"')</script>{{ 7 * 6 }}"

    def fill(tables: ReleaseTables) -> None:
        everything(tables)
        tables.con.execute("update scheme_distribution set class_en = ?, class_zh = ?", [evil] * 2)
        tables.con.execute("update scheme_catalogue set condition = ?, scheme_en = ?", [evil] * 2)
        tables.con.execute(
            "update scheme_catalogue set scheme_description = ?, scheme_description_zh = ?,"
            " population = ?, theme = ?",
            [evil] * 4,
        )
        tables.con.execute("update tier_playbook set action_en = ?, channel = ?", [evil] * 2)
        tables.con.execute("update class_changes set to_class = ?", [evil])
        tables.con.execute("update release_info set base_currency = ?, timezone = ?", [evil] * 2)

    quarantined = {"table": evil, "reason": evil, "column": evil, "rows": 1}
    quality = {**MANIFEST["quality"], "quarantine": [quarantined]}
    page = page_of(tmp_path, fill, {**MANIFEST, "quality": quality})
    elements = Elements(page)
    assert elements.tags.count("script") == elements.tags.count("style") == 1
    assert "alert('" not in page
    assert page.count("{{ 7 * 6 }}") > 30


def test_an_id_is_no_place_to_break_out_of(tmp_path: Path) -> None:
    """The id of a scheme is a name of the policy, and stands in attributes."""

    def fill(tables: ReleaseTables) -> None:
        tables.scheme('x" onclick="alert(1)', {"one": 5})

    assert 'onclick="' not in page_of(tmp_path, fill)


def test_hidden_counts_stay_hidden(tmp_path: Path) -> None:
    def fill(tables: ReleaseTables) -> None:
        tables.scheme("pyramid", {"gold": None, "iron": None, "lead": 88})
        tables.con.execute("update scheme_distribution set classified = 97")
        tables.moved("pyramid", "gold", "iron", 4)
        tables.scored("x", 5, 5, 3)

    page = page_of(tmp_path, fill)
    told = cells(page[: page.index('id="quality"')])
    assert "few" in told
    assert not {"3", "4", "9"} & set(told)
    assert "few: fewer than 5 customers" in page


def test_a_scheme_of_few_customers_is_not_told_as_one_of_nobody(tmp_path: Path) -> None:
    def fill(tables: ReleaseTables) -> None:
        tables.scheme("pyramid", {"gold": 0, "lead": None})
        tables.con.execute("update scheme_distribution set classified = null")
        tables.scheme("lifecycle", {"loyal": 0, "first": 0})

    page = page_of(tmp_path, fill)
    assert "Too few customers in the classes of scheme `pyramid` to draw it." in page
    assert "方案 pyramid 各类别的客户太少" in page
    assert "No public scheme `pyramid`" not in page
    assert "No public scheme `lifecycle` classifies anybody." in page


def test_a_share_of_no_money_at_all_is_not_told_as_hidden(tmp_path: Path) -> None:
    def fill(tables: ReleaseTables) -> None:
        tables.scheme("pyramid", {"lead": 88})
        tables.con.execute("update scheme_distribution set net_amount_365d = 0, net_share = null")

    page = page_of(tmp_path, fill)
    told = cells(page[page.index('id="schemes"') : page.index('id="quality"')])
    assert told == ["88", "100%", "–"]


def test_no_id_of_a_customer_is_on_the_page(tmp_path: Path) -> None:
    def fill(tables: ReleaseTables) -> None:
        everything(tables)
        for table in ("customer_facts", "customer_classes", "class_changes", "class_history"):
            tables.con.execute(f"update {table} set customer_id = 'WHO' || customer_id")

    assert "WHO" not in page_of(tmp_path, fill)


def test_the_same_tables_give_the_same_bytes_in_whatever_order_they_stand(tmp_path: Path) -> None:
    def shuffled(tables: ReleaseTables) -> None:
        everything(tables)
        for table in ("scheme_distribution", "scheme_catalogue", "customer_facts", "class_changes"):
            tables.con.execute(
                f"create or replace table {table} as from {table} as one order by hash(one)"
            )

    assert page_of(tmp_path / "a", everything) == page_of(tmp_path / "b", shuffled)


def test_a_policy_of_many_schemes_and_values_stays_small(tmp_path: Path) -> None:
    def fill(tables: ReleaseTables) -> None:
        for number in range(60):
            classes: dict[str, int | None] = {
                f"a class of {number} and {one}": 9 for one in range(9)
            }
            tables.scheme(f"scheme_{number}", classes, description="What it tells. " * 20)
        tables.con.execute(
            "insert into scheme_distribution select 'scheme_1', 'Town ' || i, null, 'Town ' || i,"
            " 'Town ' || i, 9, 9, 0.5, 90, 0.5 from range(100000) as towns(i)"
        )

    page = page_of(tmp_path, fill)
    assert len(page.encode()) < 1_000_000
    assert "99,989 further classes" in page


def test_the_page_says_class_and_cut_in_the_chinese_words_of_the_guide() -> None:
    guide = (PROJECT / "docs" / "policy-guide.zh.md").read_text("utf-8")
    page = (TEMPLATE / "texts.yml").read_text("utf-8")
    assert "**类别（class）**" in guide and '["Class", "类别"]' in page
    assert "**分界值（cut）**" in guide and "自分界值确定以来" in page
    assert not set(re.findall("等级|切分?点", page))


def test_every_text_is_used_and_has_the_same_places_in_both_languages() -> None:
    content = yaml.safe_load((TEMPLATE / "texts.yml").read_text("utf-8"))
    code = [*TEMPLATE.glob("*.j2"), *TEMPLATE.parent.glob("*.py")]
    used = "".join(path.read_text("utf-8") for path in code)
    assert [key for key in content["texts"] if f'"{key}"' not in used] == []
    places = re.compile(r"{(\w+)}")
    for key, (english, chinese) in content["texts"].items():
        assert set(places.findall(english)) == set(places.findall(chinese)), key
