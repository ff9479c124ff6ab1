"""A second, independent computation of every fact and class, from the landing's files alone.

It shares no code with the models: exact integers in place of SQL decimals, loops over one
customer's rows in place of grouping, ranks of each customer in place of cuts.

    expected = oracle.facts(landing, as_of, timezone, base_currency)
    problems = oracle.compare(expected, oracle.read_relation(warehouse, "facts.customer_facts"))
"""

from .classes import classes
from .comparison import compare, read_relation
from .customers import facts
from .ledger import ledger

__all__ = ["classes", "compare", "facts", "ledger", "read_relation"]
