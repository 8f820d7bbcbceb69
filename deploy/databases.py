"""A role and a database for each service, closed to every other."""

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

OLDEST = 180000
KEYRING = "keyring"
"""The data keys have a database and an owner of their own; services come in as themselves."""


class UnfitServer(Exception):
    """The PostgreSQL given is too old, or would lose what it confirmed."""


def name_of(service: str) -> str:
    return f"alongside_{service}"


def service_url(server_url: str, service: str, password: str, database: str | None = None) -> str:
    """The service's role on the server that `server_url` (an administrator's) names, in its own or another database."""
    at = conninfo_to_dict(server_url)
    host, port = at.get("host", "127.0.0.1"), at.get("port", "5432")
    sslmode = f"?sslmode={at['sslmode']}" if "sslmode" in at else ""
    return f"postgresql://{name_of(service)}:{password}@{host}:{port}/{name_of(database or service)}{sslmode}"


def keyring_url(server_url: str, service: str, password: str) -> str:
    """The keyring's URL as a service's own role: what it may do there is the keyring's to say."""
    return service_url(server_url, service, password, KEYRING)


def assert_fit(admin: psycopg.Connection) -> None:
    """Raises UnfitServer unless the server is 18 or newer and durable."""
    if admin.info.server_version < OLDEST:
        raise UnfitServer(
            f"PostgreSQL {admin.info.server_version // 10000} is too old; 18 or newer is needed"
        )
    for setting, bad in (("fsync", {"off"}), ("full_page_writes", {"off"}), ("synchronous_commit", {"off"})):
        row = admin.execute(sql.SQL("SHOW {}").format(sql.Identifier(setting))).fetchone()
        if row is None or row[0] in bad:
            raise UnfitServer(
                f"PostgreSQL runs with {setting} off and would lose confirmed facts; turn it on"
            )


def close_to_everyone(admin: psycopg.Connection, database: str) -> None:
    close = sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC")
    admin.execute(close.format(sql.Identifier(database)))


def provide(admin: psycopg.Connection, service: str, password: str) -> None:
    """Makes role and database where missing; the role owns its database and may enter no other."""
    name = sql.Identifier(name_of(service))
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name_of(service)]).fetchone()
    verb = sql.SQL("ALTER ROLE" if known else "CREATE ROLE")
    role = sql.SQL("{} {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}")
    admin.execute(role.format(verb, name, password))
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name_of(service)]).fetchone():
        # An administrator who is no superuser must be in the role to make it an owner.
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(name, name)
        )
    close_to_everyone(admin, name_of(service))


def admit(admin: psycopg.Connection, service: str) -> None:
    """Lets a service's role into the keyring."""
    let = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
    admin.execute(let.format(sql.Identifier(name_of(KEYRING)), sql.Identifier(name_of(service))))
