"""PostgreSQL and MariaDB from the system's packages, each started on a free port and stopped again.

    with PostgreSQLServer() as server, server.database() as database:
        database.execute("create table orders (order_id text)")
        sqlalchemy.create_engine(database.url)

For the bench and for the tests of `from: database`. Their data lies in a folder of its own under
the system's temporary folder, and is gone with the server. A kill loses nothing that was
committed; a crash of the machine may.
"""

from bench.servers.mariadb import MariaDBServer
from bench.servers.postgresql import PostgreSQLServer
from bench.servers.server import Database, Server, ServerFailed

__all__ = ["Database", "MariaDBServer", "PostgreSQLServer", "Server", "ServerFailed"]
