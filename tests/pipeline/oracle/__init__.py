"""A second, independent computation of every fact and class, from the landing's files alone.

It shares no code with the models: exact integers in place of SQL decimals, loops over one
customer's rows in place of grouping, ranks of each customer in place of cuts.

    known = oracle.known(landing, as_of, timezone, base_currency)
    expected = oracle.classes(known)
    found = oracle.read_relation(warehouse, "classification.customer_classes")
    problems = oracle.compare(expected, found)
"""

from .classes import classes, classes_of_runs, sensitive_classes
from .comparison import compare, read_relation
from .customers import facts
from .known import known
from .ledger import ledger

__all__ = [
    "classes",
    "classes_of_runs",
    "compare",
    "facts",
    "known",
    "ledger",
    "read_relation",
    "sensitive_classes",
]
