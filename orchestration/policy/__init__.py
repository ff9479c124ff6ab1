"""The policy: what every class of every scheme means, as YAML that people edit.

A policy file `<theme>.yml` describes the dbt model `<theme>` and holds the policy under
`config.meta`, so dbt, its docs and this package read the same text. Everything that SQL is made of
is checked here first: keys and values (`schemes`, `classes`), names against the facts and what
stands before them (`names`), expressions against an allow-list (`expressions`).
"""

from orchestration.policy.classes import FoundClass
from orchestration.policy.loading import (
    THEMES,
    Policy,
    PolicyError,
    enabled_themes,
    fact_columns,
    load_policy,
)

__all__ = [
    "THEMES",
    "FoundClass",
    "Policy",
    "PolicyError",
    "enabled_themes",
    "fact_columns",
    "load_policy",
]
