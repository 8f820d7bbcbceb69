"""The process that replays a region: folds, says how far it is, puts down what it has, and ends with the answer."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row

import shared.contracts.all  # noqa: F401  (a reader must know every contract)
from services.audit.replay import region
from services.audit.replay.answer import canonical, known, state_told
from services.audit.replay.folding import Folding, Stretch, finish, fold, stretches
from services.audit.replay.state_kept import put_down, take_up
from shared.kernel.projections.rebuilding import Pace

STRETCH = 20_000
TELLS_SECONDS, KEEPS_SECONDS = 0.5, 5.0


class Replaying:
    """One replay, by the one process that holds its lock."""

    def __init__(self, connection: AsyncConnection[Any], row: dict[str, Any]) -> None:
        self._connection, self._row = connection, row
        self._done: tuple[str, int] = (row["source"], row["position"])
        self._told = self._kept = monotonic()
        self._folding = self._begun()
        self._folded = _passed(row["up_to"], self._done)
        self._pace = Pace(self._folded)

    def _begun(self) -> Folding:
        """Where it was put down; from the beginning when nothing was, or another program did it."""
        if self._row["checkpoint"] is not None and self._row["fold"] == region.FOLD:
            try:
                return take_up(self._row["checkpoint"])
            except msgspec.MsgspecError:
                pass
        self._done = ("", 0)
        return Folding.begun(self._row["on"])

    async def run(self, going: Callable[[], bool], size: int) -> str:
        """Fold until all is folded, somebody cancels it, or it may not go on; the state it is left in."""
        up_to: dict[str, int] = self._row["up_to"]
        known_at: datetime = self._row["known_at"]
        for stretch in stretches(up_to, self._done, size):
            await fold(self._connection, self._folding, stretch, known_at)
            self._moved(stretch)
            goes_on = going()
            if not goes_on or monotonic() - self._told > TELLS_SECONDS:
                state = await self._tell()
                if state != "folding" or not goes_on:
                    await self._keep()
                    return state
            if monotonic() - self._kept > KEEPS_SECONDS:
                await self._keep()
        await finish(self._connection, self._folding, up_to, known_at)
        await self._answer(up_to, known_at, self._row["on"])
        return "done"

    def _moved(self, stretch: Stretch) -> None:
        self._folded += stretch.until - stretch.after
        self._done = stretch.source, stretch.until

    async def _tell(self) -> str:
        """Say how far it is; the state that somebody may have asked for meanwhile."""
        self._told = monotonic()
        cursor = await self._connection.execute(
            "UPDATE replays SET folded = %s, facts_per_second = %s, updated_at = now() "
            "WHERE id = %s RETURNING state",
            (self._folded, self._pace.at(self._folded), self._row["id"]),
        )
        row = await cursor.fetchone()
        return str(row["state"]) if row else "gone"

    async def _keep(self) -> None:
        self._kept = monotonic()
        await self._connection.execute(
            "UPDATE replays SET source = %s, position = %s, folded = %s, checkpoint = %s, updated_at = now() "
            "WHERE id = %s",
            (*self._done, self._folded, put_down(self._folding), self._row["id"]),
        )

    async def _answer(self, up_to: dict[str, int], known_at: datetime, on: date) -> None:
        told = state_told(
            known(known_at, self._row["verified"], region.FOLD),
            on=on,
            positions=up_to,
            used=self._folding.used,
            unread=self._folding.unread,
            erased=0,
            state=region.state(self._folding.region, on),
            ledger=self._row["ledger"],
        )
        await self._connection.execute(
            "UPDATE replays SET state = 'done', folded = total, facts_per_second = %s, checkpoint = NULL, "
            "result = %s, result_sha256 = %s, updated_at = now() WHERE id = %s",
            (self._pace.at(self._folded), canonical(told), told["result_sha256"], self._row["id"]),
        )


def _passed(up_to: dict[str, int], done: tuple[str, int]) -> int:
    """How many positions lie behind."""
    source, position = done
    return position + sum(up_to.get(one, 0) for one in region.SOURCES if one < source)


async def work(
    database_url: str, replay_id: UUID, going: Callable[[], bool] = lambda: True, size: int = STRETCH
) -> str:
    """Do a replay, or go on with it; the state it is left in. `busy` when another process is at it."""
    async with await AsyncConnection[Any].connect(
        database_url, autocommit=True, application_name="alongside replay", row_factory=dict_row
    ) as connection:
        lock = await connection.execute(
            "SELECT pg_try_advisory_lock(hashtextextended('alongside:replay:' || %s::text, 0)) AS held",
            (replay_id,),
        )
        held = await lock.fetchone()
        if not held or not held["held"]:
            return "busy"
        cursor = await connection.execute(
            "UPDATE replays SET state = 'folding', fold = %s, error = '', updated_at = now() "
            "WHERE id = %s AND state IN ('waiting', 'folding', 'failed') RETURNING *",
            (region.FOLD, replay_id),
        )
        row = await cursor.fetchone()
        if row is None:
            return "gone"
        try:
            return await Replaying(connection, row).run(going, size)
        except Exception as failed:
            await connection.execute(
                "UPDATE replays SET state = 'failed', error = %s, updated_at = now() WHERE id = %s",
                (f"{type(failed).__name__}: {failed}"[:500], replay_id),
            )
            raise


def _listen(alive: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    alive.clear()


def main() -> None:
    """Replay the one named, for as long as whoever started this holds its input open."""
    alive = threading.Event()
    alive.set()
    threading.Thread(target=_listen, args=(alive,), daemon=True).start()
    asyncio.run(work(os.environ["ALONGSIDE_DATABASE_URL"], UUID(sys.argv[1]), alive.is_set))


if __name__ == "__main__":
    main()
