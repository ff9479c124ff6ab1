"""What is a number, and what is an amount."""

from decimal import Decimal

from .case import STAGED, Case, Fate, cell, quarantined, rows_case

NOT = quarantined("not_a_number", "amount")
RANGE = quarantined("out_of_range", "amount")


def amount(text: str, then: Fate | str, about: str = "") -> Case:
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return cell(f"an amount `{shown}`{about}", "amount", text, then)


CASES = [
    amount("abc", NOT),
    amount("NaN", NOT),
    amount("inf", NOT),
    amount("-Infinity", NOT),
    amount("1e400", RANGE),
    amount("1,234.50", NOT),
    amount("1.234,50", NOT),
    amount("1 234.50", NOT),
    amount("1'234.50", NOT),
    amount("１２３", NOT, " in full-width digits"),
    amount("١٢٣", NOT, " in Arabic digits"),
    amount("一百", NOT),
    amount("(5.00)", NOT),
    amount("5.00-", NOT),
    amount("−5.00", NOT, " with a typographic minus"),
    amount("--5", NOT),
    amount("$5", NOT),
    amount("￥5", NOT),
    amount("5 CNY", NOT),
    amount("5%", NOT),
    amount("0x10", NOT),
    amount("1_000", NOT),
    amount("1.2.3", NOT),
    amount(".", NOT),
    amount("1e", NOT),
    amount("true", NOT),
    amount("#N/A", NOT),
    amount("#REF!", NOT),
    amount("NULL", NOT, ", the word"),
    amount("N/A", NOT),
    amount("-", NOT),
    amount("=1+1", NOT),
    amount("100000000000000", RANGE),
    amount("99999999999999.9999", "99999999999999.9999"),
    amount("99999999999999.99995", RANGE),
    amount("10", "10"),
    amount(" 10.5 ", "10.5"),
    amount("\u300010\u00a0", "10", " between a wide and a hard space"),
    amount("+7", "7"),
    amount(".5", "0.5"),
    amount("5.", "5"),
    amount("007", "7"),
    amount("1e2", "100"),
    amount("1.00005", "1.0001", ", more than four digits after the point"),
    amount("0.1", "0.1"),
    amount("", quarantined("missing_required", "amount"), ", blank"),
    amount("\t", quarantined("missing_required", "amount"), ", only a tab"),
    cell("a negative amount", "amount", "-5.00", "-5"),
    rows_case(
        "a negative amount, for the facts: a credit note",
        [{}, {"order_id": "{k}-back", "amount": "-4.00"}],
        [STAGED, STAGED],
        facts={
            "order_count": 1,
            "gross_amount": Decimal(10),
            "refund_amount": Decimal(4),
            "net_amount": Decimal(6),
        },
    ),
    rows_case(
        "an amount of zero, for the facts: neither purchase nor refund",
        [{}, {"order_id": "{k}-free", "amount": "0.00"}],
        [STAGED, STAGED],
        facts={"order_count": 1, "net_amount": Decimal(10)},
    ),
    rows_case(
        "an amount below a ten-thousandth: zero",
        [{}, {"order_id": "{k}-dust", "amount": "0.00004"}],
        [STAGED, STAGED],
        facts={"order_count": 1, "net_amount": Decimal(10)},
    ),
    cell("a negative refund", "amount", "-1", quarantined("out_of_range", "amount"), "refunds"),
    cell("a refund of zero", "amount", "0", "0", "refunds"),
    cell(
        "half a line number",
        "line_no",
        "1.5",
        quarantined("not_an_integer", "line_no"),
        "order_lines",
    ),
    cell("a line number `1.0`", "line_no", "1.0", 1, "order_lines"),
    cell("a quantity `0.5`", "quantity", "0.5", Decimal("0.5"), "order_lines"),
    cell(
        "a quantity in words",
        "quantity",
        "two",
        quarantined("not_a_number", "quantity"),
        "order_lines",
    ),
    cell(
        "a household too large for an integer",
        "household_size",
        "9223372036854775808",
        quarantined("out_of_range", "household_size"),
        "customers",
    ),
    cell("a csat of 6", "score", "6", quarantined("out_of_range", "score"), "feedback"),
    cell("a csat of 0", "score", "0", quarantined("out_of_range", "score"), "feedback"),
    rows_case(
        "an nps of 11",
        [{"kind": "nps", "score": "11"}],
        [quarantined("out_of_range", "score")],
        "feedback",
    ),
    cell(
        "a rate of zero",
        "rate_to_base",
        "0",
        quarantined("out_of_range", "rate_to_base"),
        "exchange_rates",
    ),
    cell(
        "a negative rate",
        "rate_to_base",
        "-1",
        quarantined("out_of_range", "rate_to_base"),
        "exchange_rates",
    ),
]
