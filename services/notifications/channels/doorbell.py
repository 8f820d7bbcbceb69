"""Rings for whoever has something new in their inbox: one question for everybody who listens, not one each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from services.notifications.read_model.live import PROJECTION, SOURCE, arrived_up_to, rung
from shared.kernel.bus.ending import end
from shared.kernel.running import Running
from shared.kernel.serving import at_end

LOOK_SECONDS = 15.0
PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Doorbell:
    """One for each process. A listener costs one flag: what is new is read from the inbox, never kept here."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._listeners: dict[UUID, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None
        self.ended = False

    def stop(self) -> None:
        """Nobody listens here any more: everybody is rung once, and finds that it has ended."""
        self.ended = True
        for bells in self._listeners.values():
            for bell in bells:
                bell.set()

    @asynccontextmanager
    async def heard(self, recipient_id: UUID) -> AsyncIterator[asyncio.Event]:
        """A flag that is set whenever something may have come for this recipient."""
        bell = asyncio.Event()
        self._listeners.setdefault(recipient_id, set()).add(bell)
        if self._task is None or self._task.done():
            async with self._running.engine.connect() as db:
                upto = await arrived_up_to(db)
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._watch(upto), name="doorbell")
        try:
            yield bell
        finally:
            bells = self._listeners[recipient_id]
            bells.discard(bell)
            if not bells:
                del self._listeners[recipient_id]
            if not self._listeners and self._task is not None:
                await end(self._task)

    async def _watch(self, upto: int) -> None:
        """Follow the arrivals for as long as somebody listens."""
        waiter, engine = self._running.waiter, self._running.engine
        while True:
            try:
                await waiter.seen({PROJECTION}, SOURCE, upto + 1, LOOK_SECONDS)
                async with engine.connect() as db:
                    upto, recipients = await rung(db, upto)
            except (SQLAlchemyError, OSError) as error:
                log.warning("arrivals not known", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            for recipient_id in recipients:
                for bell in self._listeners.get(recipient_id, ()):
                    bell.set()


def doorbell(app: FastAPI) -> Doorbell:
    """The one of this process."""
    found = getattr(app.state, "doorbell", None)
    if not isinstance(found, Doorbell):
        found = app.state.doorbell = Doorbell(app.state.running)
        at_end(app, found.stop)
    return found
