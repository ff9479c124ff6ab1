"""Whoever could read what a schema shows can read the next release, and nobody else can."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from mirrored_schema import SCHEMA, MirroredSchema, nothing_to_say
from small_release import CUSTOMERS, CUTS, INFO, Company

from orchestration.publishing.postgresql import Target, mirror

ROLES = ("reader", "auditor", "half_reader", "nobody_else")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


@pytest.fixture
def roles(schema: MirroredSchema) -> Iterator[MirroredSchema]:
    """A schema on a server that knows some readers."""
    schema.execute(*(f"create role {role}" for role in ROLES))
    yield schema
    with psycopg.connect(schema.url, autocommit=True) as connection:
        for role in ROLES:
            connection.execute(f"drop owned by {role}; drop role {role}".encode())


def may_read(schema: MirroredSchema, role: str, columns: str = "*") -> set[str]:
    """The tables that a role can read these columns of."""
    found = set()
    for table in ("customer_facts", "scheme_cuts", "release_info"):
        try:
            schema.query(f"select {columns} from customer_tiers.{table}", role)
            found.add(table)
        except (
            psycopg.errors.InsufficientPrivilege,
            psycopg.errors.UndefinedTable,
            psycopg.errors.UndefinedColumn,
        ):
            continue
    return found


def test_rights_on_schema_tables_and_columns_are_kept(
    company: Company, roles: MirroredSchema
) -> None:
    roles.show(company.publish())
    roles.execute(
        "grant usage on schema customer_tiers to reader, half_reader",
        "grant usage on schema customer_tiers to auditor with grant option",
        "grant select on all tables in schema customer_tiers to reader",
        "grant select on customer_tiers.scheme_cuts to auditor with grant option",
        "grant select (customer_id) on customer_tiers.customer_facts to half_reader",
    )
    for _ in range(2):
        roles.show(company.publish())
        assert may_read(roles, "reader") == {"customer_facts", "scheme_cuts", "release_info"}
        assert may_read(roles, "auditor") == {"scheme_cuts"}
        assert may_read(roles, "half_reader") == set()
        assert may_read(roles, "half_reader", "customer_id") == {"customer_facts"}
        assert may_read(roles, "nobody_else") == set()
    passed_on = (
        "select has_table_privilege('auditor', 'customer_tiers.scheme_cuts',"
        " 'select with grant option'),"
        " has_schema_privilege('auditor', 'customer_tiers', 'usage with grant option'),"
        " has_table_privilege('reader', 'customer_tiers.scheme_cuts', 'select with grant option'),"
        " has_table_privilege('reader', 'customer_tiers.scheme_cuts', 'insert')"
    )
    assert roles.query(passed_on) == [(True, True, False, False)]


def test_default_privileges_decide_on_new_tables_only(
    company: Company, roles: MirroredSchema
) -> None:
    """They are kept for the tables to come; a right that was taken away is not given again."""
    roles.execute(
        "create schema customer_tiers",
        "grant usage on schema customer_tiers to public",
        "alter default privileges in schema customer_tiers grant select on tables to reader",
    )
    roles.show(company.publish(tables=(CUSTOMERS, INFO)))
    assert may_read(roles, "reader") == {"customer_facts", "release_info"}
    roles.execute("revoke select on customer_tiers.customer_facts from reader")
    roles.show(company.publish(tables=(CUSTOMERS, CUTS, INFO)))
    assert may_read(roles, "reader") == {"scheme_cuts", "release_info"}
    roles.show(company.publish(tables=(CUSTOMERS, INFO)))
    roles.show(company.publish(tables=(CUSTOMERS, CUTS, INFO)))
    assert may_read(roles, "reader") == {"scheme_cuts", "release_info"}
    assert may_read(roles, "nobody_else") == set()


def test_default_privileges_of_the_owner_count_too(company: Company, roles: MirroredSchema) -> None:
    """Those that an administrator gave for whatever the publisher makes, in any schema."""
    roles.execute(
        "create schema customer_tiers",
        "grant usage on schema customer_tiers to reader",
        "alter default privileges grant select on tables to reader",
    )
    roles.show(company.publish(tables=(CUSTOMERS, INFO)))
    assert may_read(roles, "reader") == {"customer_facts", "release_info"}
    roles.execute("revoke select on customer_tiers.customer_facts from reader")
    roles.show(company.publish(tables=(CUSTOMERS, CUTS, INFO)))
    assert may_read(roles, "reader") == {"scheme_cuts", "release_info"}


def test_a_schema_stays_with_the_role_that_owns_it(company: Company, roles: MirroredSchema) -> None:
    """Who publishes need only be one of its members; the others see the schema by that."""
    place = roles.url.partition("@")[2]
    (database,) = roles.query("select current_database()")[0]
    roles.execute(
        "create schema customer_tiers authorization auditor",
        "alter role reader login password 'any'",
        "grant auditor to reader, half_reader",
        f"grant create on database {database} to reader",
    )
    target = Target(f"postgresql://reader:any@{place}", SCHEMA)
    for _ in range(2):
        mirror(company.publish(), target, config={}, report=nothing_to_say)
        owner = "select nspowner::regrole::text from pg_namespace where nspname = 'customer_tiers'"
        assert roles.query(owner) == [("auditor",)]
        usage = "select has_schema_privilege('half_reader', 'customer_tiers', 'usage')"
        assert roles.query(usage) == [(True,)]


def test_a_right_given_while_a_release_is_loaded_is_kept(
    company: Company, roles: MirroredSchema
) -> None:
    """Also where transactions see what was there when they began, unless they say otherwise."""
    (database,) = roles.query("select current_database()")[0]
    roles.execute(
        f"alter database {database} set default_transaction_isolation = 'repeatable read'",
        "create schema customer_tiers",
        "grant usage on schema customer_tiers to public",
    )
    roles.show(company.publish())

    def grant(told: str) -> None:
        if "takes the place" in told:
            roles.execute("grant select on customer_tiers.customer_facts to reader")

    roles.show(company.publish(), report=grant)
    assert may_read(roles, "reader") == {"customer_facts"}


def test_names_that_have_to_be_quoted_are(company: Company, schema: MirroredSchema) -> None:
    schema.execute('create role "Ana ""BI"" \'x"', "create schema customer_tiers")
    role = '"Ana ""BI"" \'x"'
    try:
        schema.execute(
            f"grant usage on schema customer_tiers to {role}",
            f"alter default privileges in schema customer_tiers grant select on tables to {role}",
        )
        schema.show(company.publish())
        schema.show(company.publish())
        assert may_read(schema, role) == {"customer_facts", "scheme_cuts", "release_info"}
    finally:
        schema.execute(f"drop owned by {role}", f"drop role {role}")
