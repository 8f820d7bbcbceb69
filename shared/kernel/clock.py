"""What time it is. In the dev profile the clock can be moved forward, so that a year passes in seconds."""

from datetime import UTC, datetime, timedelta

from psycopg import AsyncConnection

_READ = "SELECT ahead FROM clock WHERE name = 'clock'"
_MOVE = """
INSERT INTO clock (name, ahead) VALUES ('clock', %(ahead)s)
ON CONFLICT (name) DO UPDATE SET ahead = greatest(clock.ahead, excluded.ahead) RETURNING ahead
"""


class Clock:
    """UTC now, ahead of the machine's clock by what the service's database says: every process agrees."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    async def refresh(self) -> None:
        """Learn of a move made by another process of the service.

        What was read may be older than a move made here meanwhile: the clock never goes back.
        """
        async with await AsyncConnection.connect(self._url, autocommit=True) as connection:
            row = await (await connection.execute(_READ)).fetchone()
            self._ahead = max(self._ahead, row[0] if row else timedelta())

    async def move_to(self, moment: datetime) -> datetime:
        """Move forward to this moment, never back; returns what time it is then."""
        async with await AsyncConnection.connect(self._url, autocommit=True) as connection:
            ahead = max(moment - datetime.now(UTC), timedelta())
            row = await (await connection.execute(_MOVE, {"ahead": ahead})).fetchone()
            assert row is not None
            self._ahead = row[0]
        return self.now()
