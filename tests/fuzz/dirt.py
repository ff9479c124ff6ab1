"""Cells of each type that are right, nearly right, or nothing of the kind."""

from collections.abc import Sequence
from random import Random

from oracle.tables import TABLES

LETTERS = (
    "abz AZ09_-~!'\"\\/%{}[]$;,\n\r\t\x01\x1c\x7f\x85\xa0é\u0301单客\u3000\u200b\u2028\ufeff😀"
)
SPACES = (" ", "\t", "\n", "\r\n", "\xa0", "\u3000", "\u2009", "\x85", "\x1f")
JUNK = (
    "null",
    "NaN",
    "inf",
    "-",
    "+",
    ".",
    "e5",
    "0x10",
    "1_0",
    "１",
    "1,5",
    "%s",
    "{{ x }}",
    "';--",
)
NUMBERS = ("0", "-0", "1e400", "1e-400", "9" * 14 + ".99995", "9" * 30, "1e14", "1e13", "0.00005")
BOOLEANS = ("true", "False", "YES", "n", "1", "0", "是", "否", "T", "f", "yes ", "2", "truee")
CLOCKS = ("", "T00:00", " 23:59:59.9999999", "T24:00", " 12:60", "T12:00:60", " 7:00", "T12")
OFFSETS = ("", "", "Z", "+00", "+08:00", "-0530", "+19:59", "-19:59", "+20", "+0860", "z", " UTC")


class Dirt:
    """Makes cells; the same seed makes the same ones."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)

    def cell(self, table: str, column: str) -> str:
        """One cell of a column; now and then blank, padded, or of another type."""
        random, described = self.random, TABLES[table]
        kind = described.columns[column]
        if random.random() < 0.1:
            kind = random.choice(["text", "money", "timestamp", "boolean", "integer"])
        if column in described.key and kind == "text":
            text = random.choice(["k1", "k2", "k3", "07", "7", "K1"])
        elif column in described.domains and random.random() < 0.9:
            text = random.choice(sorted(described.domains[column]))
            text = text.upper() if random.random() < 0.1 else text
        else:
            text = self._of(kind)
        if random.random() < 0.1:
            text = random.choice(["", "", *SPACES, random.choice(JUNK)])
        if random.random() < 0.1:
            text = random.choice(SPACES) + text + random.choice(SPACES)
        return text

    def _of(self, kind: str) -> str:
        random = self.random
        match kind:
            case "text":
                return "".join(random.choices(LETTERS, k=random.randint(0, 6)))
            case "boolean":
                return random.choice(BOOLEANS)
            case "integer":
                return (
                    random.choice(["", "+", "-", "00"])
                    + self._digits(20)
                    + self._one_of("", ".", ".0")
                )
            case "date" | "timestamp":
                return self._moment()
            case _:
                return self._number()

    def _number(self) -> str:
        if self.random.random() < 0.2:
            return self.random.choice(NUMBERS)
        sign = self.random.choice(["", "", "-", "+"])
        if self.random.random() < 0.2:  # as programs write it: one digit before the point
            power = f"{self._one_of('e', 'E')}{self.random.randint(-12, 15)}"
            return f"{sign}{self.random.randint(1, 9)}.{self._digits(16)}{power}"
        fraction = self._one_of("", ".", "." + self._digits(9))
        return sign + self._digits(22) + fraction

    def _moment(self) -> str:
        random = self.random
        year = random.choice(["2024", "2023", "2024", "1900", "0999", "9998", "24"])
        day = f"{year}-{random.randint(0, 13):02}-{random.randint(0, 32):02}"
        if random.random() < 0.7:
            day = f"2024-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        clock = f"{self._one_of(' ', 'T')}{random.randint(0, 25):02}:{random.randint(0, 61):02}"
        clock += self._one_of(
            "", f":{random.randint(0, 60):02}{self._one_of('', '.' + self._digits(9))}"
        )
        return day + self._one_of("", "", clock, random.choice(CLOCKS)) + random.choice(OFFSETS)

    def _digits(self, most: int) -> str:
        count = self.random.choice([1, 1, 2, 3, self.random.randint(1, most)])
        return "".join(self.random.choices("0123456789", k=count))

    def _one_of(self, *choices: str) -> str:
        return self.random.choice(choices)


def rows(table: str, seed: int, count: int) -> list[list[str]]:
    """So many rows of every column of a table; a row follows from the seed and its own number."""
    columns: Sequence[str] = tuple(TABLES[table].columns)
    made = []
    for number in range(count):
        dirt = Dirt(f"{seed} {table} {number}")
        made.append([dirt.cell(table, column) for column in columns])
    return made
