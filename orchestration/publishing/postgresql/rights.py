"""The rights on a schema, given again on the one that takes its place.

A table that was there has afterwards the rights that it had, and no others. One that is new gets
what the default privileges of its owner and of the schema say.
"""

from __future__ import annotations

import psycopg

GRANTEE = "case acl.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end"
OPTION = "case when acl.is_grantable then ' with grant option' else '' end"
TABLES = """
    select old.oid as old, new.oid as new, new.relname, new.relacl as given, old.relacl as had
    from pg_class as new
    left join pg_class as old
        on old.relname = new.relname and old.relkind = 'r'
        and old.relnamespace = to_regnamespace(quote_ident(%(old)s))
    where new.relkind = 'r' and new.relnamespace = to_regnamespace(quote_ident(%(new)s))
"""
DEFAULTS = """
    select acl.* from pg_default_acl, aclexplode(defaclacl) as acl
    where defaclnamespace = to_regnamespace(quote_ident(%(old)s)) and defaclobjtype = 'r'
      and defaclrole = to_regrole(quote_ident(current_user)) and acl.grantee <> defaclrole
"""
# Each gives statements; in this order.
STATEMENTS = (
    f"""
    select format('grant %%s on schema %%I to %%s%%s',
        acl.privilege_type, %(new)s::text, {GRANTEE}, {OPTION})
    from pg_namespace, aclexplode(nspacl) as acl
    where nspname = %(old)s and acl.grantee <> nspowner
    """,
    f"""
    select format('alter default privileges in schema %%I grant %%s on tables to %%s%%s',
        %(new)s::text, acl.privilege_type, {GRANTEE}, {OPTION})
    from ({DEFAULTS}) as acl
    """,
    f"""
    select distinct format('revoke all on %%I.%%I from %%s', %(new)s::text, relname, {GRANTEE})
    from ({TABLES}) as tables, aclexplode(given) as acl
    where old is not null and acl.grantee <> to_regrole(quote_ident(current_user))
    """,
    f"""
    select format('grant %%s on %%I.%%I to %%s%%s',
        acl.privilege_type, %(new)s::text, relname, {GRANTEE}, {OPTION})
    from ({TABLES}) as tables, aclexplode(had) as acl
    where acl.grantee <> to_regrole(quote_ident(current_user))
    """,
    f"""
    select format('grant %%s (%%I) on %%I.%%I to %%s%%s',
        acl.privilege_type, attname, %(new)s::text, relname, {GRANTEE}, {OPTION})
    from ({TABLES}) as tables
    join pg_attribute as had_column on attrelid = old and not attisdropped,
    aclexplode(attacl) as acl
    where exists (
        select from pg_attribute as new_column
        where new_column.attrelid = new and new_column.attname = had_column.attname
    )
    """,
    f"""
    select format('grant %%s on %%I.%%I to %%s%%s',
        acl.privilege_type, %(new)s::text, relname, {GRANTEE}, {OPTION})
    from ({TABLES}) as tables, ({DEFAULTS}) as acl
    where old is null
    """,
    # Whoever is in the role that owns it has its rights by that; last, since an owner grants.
    """
    select format('alter schema %%I owner to %%I', %(new)s::text, pg_get_userbyid(nspowner))
    from pg_namespace
    where nspname = %(old)s and nspowner <> to_regrole(quote_ident(current_user))
    """,
)


def carry_rights(server: psycopg.Connection, old: str, new: str) -> None:
    """Give whoever owns or has rights on the schema `old` and its tables the same on `new`."""
    for query in STATEMENTS:
        found = server.execute(query.encode(), {"old": old, "new": new}).fetchall()
        for (statement,) in found:
            server.execute(statement.encode())
