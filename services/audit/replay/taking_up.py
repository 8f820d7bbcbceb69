"""Replays that were interrupted go on when the service is there again."""

import asyncio

import structlog

from services.audit.read_model import replays
from services.audit.replay.workers import start
from shared.kernel.running import Running

log = structlog.get_logger(__name__)

LOOKS_SECONDS = 60.0
MOST_AT_ONCE = 2


class TakingUp:
    """Looks for replays whose process has gone, and begins one for each; one that fails is left alone."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._taken_up = 0

    @property
    def state(self) -> tuple[bool, str]:
        return True, f"{self._taken_up} interrupted replays taken up"

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOKS_SECONDS)

    async def look(self) -> None:
        """Begin a process for each of the newest that nobody is at."""
        async with self._running.engine.connect() as db:
            interrupted = [
                one["id"] for one in await replays.latest(db, None, 50) if one["state"] == "interrupted"
            ]
        for replay_id in interrupted[:MOST_AT_ONCE]:
            log.info("replay taken up", replay=str(replay_id))
            self._taken_up += 1
            await start(replay_id, self._running.settings.database_url.get_secret_value())
