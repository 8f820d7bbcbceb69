"""Facts of sessions flow through a running house: held, approved, returned, cancelled, paid, amended, voided."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx

from deploy.embedded import System
from shared.contracts.fact import Fact, contract_of
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionFinished,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_approval import SessionApproved
from shared.contracts.sessions.session_log import SessionLogged
from shared.kernel.envelope import Origin, encode
from shared.kernel.sealing.batches import keys_to_seal
from shared.kernel.sealing.reaching import KeyringAt
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.store import Append, Store
from tests.support.examples import example

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PERIODS = {"first": (28, 15), "second": (14, 1), "third": (0, -13)}
"""First and last day, in days before today."""
MINUTES = 170
F = TypeVar("F", bound=Fact)


class Flow:
    """What mentors do is put into the store of sessions, as its decider would; the office speaks HTTP."""

    def __init__(self, system: System, store: Store, sealer: Sealer, client: httpx.AsyncClient) -> None:
        self._region, self.store, self._sealer, self._client = system.region, store, sealer, client
        self.today = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
        self.periods: dict[str, str] = {}
        self._last = 0

    async def record(self, stream: UUID, *facts: Fact) -> None:
        version = len(await self.store.load(stream))
        keys = await keys_to_seal(self._sealer, facts)
        events = []
        for number, fact in enumerate(facts, start=version + 1):
            origin = Origin(self._region, "sessions", "test", datetime.now(UTC), "flow", "flow")
            events.append(
                (contract_of(fact).topic, encode(fact, origin, stream, number, keys=keys)),
            )
        self._last = (await self.store.append(Append(stream, version, events))).position

    def plan(self, days_ago: int, mentor: UUID) -> SessionScheduled:
        """Not recorded yet: alone it would be called off at once, since nobody is assigned."""
        begins = self.today - days_ago * DAY
        return example(SessionScheduled).model_copy(
            update={
                "session_id": uuid4(),
                "mentor_id": mentor,
                "child_id": uuid4(),
                "starts_at": begins,
                "ends_at": begins + 3 * HOUR,
            }
        )

    async def held(self, plan: SessionScheduled, minutes: int, times: int = 1) -> None:
        """Held, logged and approved; `times` says how often the log was returned and approved again."""
        of, until = _of(plan), plan.ends_at
        begun = _like(example(SessionStarted), of, started_at=plan.starts_at)
        ended = _like(example(SessionFinished), of, finished_at=until, log_due_at=until + DAY)
        logged = _like(example(SessionLogged), of, contact_minutes=minutes, logged_at=until)
        own = {**of, "assignment_id": plan.assignment_id, "starts_at": plan.starts_at}
        approved = _like(example(SessionApproved), own, contact_minutes=minutes, approved_at=until)
        await self.record(plan.session_id, plan, begun, ended, logged, approved)
        for _ in range(times - 1):
            await self.office(f"/sessions/{plan.session_id}/return", {"reason": "which game?"})
            await self.record(plan.session_id, logged, approved)

    async def cancelled(self, plan: SessionScheduled, *, chargeable: bool) -> None:
        own = {**_of(plan), "assignment_id": plan.assignment_id, "starts_at": plan.starts_at}
        fact = _like(
            example(SessionCancelled), own, ends_at=plan.ends_at, planned_minutes=180, chargeable=chargeable
        )
        await self.record(plan.session_id, plan, fact)

    async def office(self, path: str, body: object) -> dict[str, Any]:
        """A command of a coordinator; it has to succeed."""
        headers = {"Idempotency-Key": str(uuid4())}
        if self._last:
            headers["Alongside-After"] = f"sessions:{self._last}"
        answer = await self._client.post(path, json=body, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def open_periods(self) -> None:
        for name, (since, until) in PERIODS.items():
            ends_on = self.day(until)
            cut_off = datetime.combine(ends_on + 2 * DAY, datetime.min.time(), UTC)
            body = {
                "starts_on": str(self.day(since)),
                "ends_on": str(ends_on),
                "cut_off_at": cut_off.isoformat(),
            }
            self.periods[name] = (await self.office("/pay-periods", body))["period_id"]

    async def close(self, name: str) -> None:
        await self.office(f"/pay-periods/{self.periods[name]}/close", {"force": True, "force_reason": "test"})

    async def locked(self, plan: SessionScheduled) -> str:
        """The path of that session, once the closing has locked it."""
        path = f"/sessions/{plan.session_id}"
        async with asyncio.timeout(20):
            while (await self._client.get(path)).json().get("state") != "locked":
                await asyncio.sleep(0.05)
        return path

    def day(self, ago: int) -> date:
        return (self.today - ago * DAY).date()

    async def timesheet(self, name: str) -> str:
        """The lines of a period as the sessions service has them, as CSV."""
        answer = await self._client.get(
            "/timesheets", params={"period_id": self.periods[name], "format": "csv"}
        )
        assert answer.status_code == 200, answer.text
        return answer.text

    async def play(self, sessions: int, rng: Random) -> None:
        """Two periods of so many sessions each, both closed; what the first got wrong is put right in the second."""
        mentors = [uuid4() for _ in range(4)]
        await self.open_periods()
        first = await self._period(PERIODS["first"], sessions, mentors, rng)
        await self.close("first")
        wrong = {"reason_code": "wrong_minutes", "reason": "left early", "activities": ["comfort"]}
        amended = {**wrong, "ratio": "one_to_one", "contact_minutes": 90}
        await self.office(f"{await self.locked(first[0])}/amend", amended)
        await self.office(f"/sessions/{first[0].session_id}/amend", {**amended, "contact_minutes": 95})
        void = {"reason_code": "duplicate", "reason": "twice on record"}
        await self.office(f"{await self.locked(first[1])}/void", void)
        await self._period(PERIODS["second"], sessions, mentors, rng)
        await self.close("second")

    async def _period(
        self, days: tuple[int, int], sessions: int, mentors: Sequence[UUID], rng: Random
    ) -> list[SessionScheduled]:
        """Those that were held once, in order."""
        held = []
        for number in range(sessions):
            plan = self.plan(rng.randint(days[1], days[0]), rng.choice(mentors))
            match number % 6:
                case 0:
                    await self.cancelled(plan, chargeable=bool(number % 4))
                case 1:
                    await self.held(plan, MINUTES - number, times=2)
                case _:
                    await self.held(plan, MINUTES - number)
                    held.append(plan)
        return held


def _of(plan: SessionScheduled) -> dict[str, Any]:
    return {
        "session_id": plan.session_id,
        "mentor_id": plan.mentor_id,
        "child_id": plan.child_id,
        "school_id": plan.school_id,
    }


def _like(fact: F, *changes: dict[str, Any], **more: Any) -> F:
    update = {key: value for change in (*changes, more) for key, value in change.items()}
    return fact.model_copy(update=update)


@asynccontextmanager
async def flow(system: System) -> AsyncIterator[Flow]:
    sealer = Sealer(await KeyringAt(system.keyring_url("sessions"), system.epoch_keys)())
    headers = {"Authorization": f"Bearer dev:coordinator:{system.region}:ruth"}
    async with (
        await Store.open(system.database_url("sessions")) as store,
        httpx.AsyncClient(base_url=system.urls["sessions"], headers=headers, timeout=20) as client,
    ):
        yield Flow(system, store, sealer, client)
