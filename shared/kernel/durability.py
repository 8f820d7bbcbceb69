"""Start is refused on a database whose settings could lose what was acknowledged."""

import psycopg

OLDEST_POSTGRES = 180000
REQUIRED = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


class UnfitDatabase(Exception):
    """The database can't be trusted with facts; the message says what to change."""


def assert_postgres(database_url: str) -> None:
    """Raises UnfitDatabase unless the server is new enough and writes to disk before it acknowledges."""
    with psycopg.connect(database_url) as connection:
        if connection.info.server_version < OLDEST_POSTGRES:
            found = connection.info.parameter_status("server_version")
            raise UnfitDatabase(f"PostgreSQL {found} is too old: Alongside needs 18 or newer")
        for name, wanted in REQUIRED.items():
            row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
            if row is None or row[0] not in (wanted, "remote_apply"):
                raise UnfitDatabase(f"PostgreSQL runs with {name} = {row and row[0]}: set it to {wanted}")
