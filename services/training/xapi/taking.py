"""Taking statements in: known or new, of whom, about which course; all of a request or nothing of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import Request

from services.training.xapi.delivery import Take, delivery
from services.training.xapi.kept import Kept, deliveries_of, opened
from services.training.xapi.learning import Sent, learning_of
from services.training.xapi.shapes import read_time
from shared.contracts.words.privacy import Unreadable
from shared.kernel.call import Lookup
from shared.kernel.commands import execute
from shared.kernel.decider import Refused
from shared.kernel.envelope import Origin, new_id
from shared.kernel.problems import Problem
from shared.kernel.running import Running

TRIES = 3
_SET_BY_US = frozenset({"id", "stored", "authority", "version"})


async def take(request: Request, reads: Lookup, sent: Sequence[Sent]) -> None:
    """Record what is new. Raises Problem 403 and 409, and then nothing is recorded."""
    running = reads.running
    ids = {one.statement_id for one in sent}
    targets = {one.target for one in sent if one.voids and one.target is not None}
    for attempt in range(1, TRIES + 1):
        streams = await reads(deliveries_of, ids | targets)
        known = await opened(running, streams.values())
        new = [one for one in sent if not _is_known(one, known.get(one.statement_id))]
        learning = await learning_of(reads, new, known, running.clock.now())
        if not learning:
            return
        try:
            await execute(
                running.store,
                delivery,
                new_id(running.clock.now()),
                Take(tuple(learning)),
                origin=_origin(request, running),
                new=True,
                sealer=running.sealer,
            )
            return
        except Refused as refused:
            # Somebody sent one of them just now: look again whether it is the same.
            if refused.code != "statement_known" or attempt == TRIES:
                raise


def _is_known(sent: Sent, kept: Kept | None) -> bool:
    if kept is None:
        return False
    said = kept.fact.statement
    if said in tuple(Unreadable) or not same(orjson.loads(said), sent.body):
        message = f"{sent.statement_id} is another statement already; a statement never changes: void it"
        raise Problem(409, "statement_differs", message)
    return True


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two statements say the same, apart from what whoever keeps them adds, and from mere descriptions."""
    timed = "timestamp" in one and "timestamp" in other
    return _meant(one, timed) == _meant(other, timed)


def _meant(statement: Mapping[str, Any], timed: bool) -> dict[str, Any]:
    found = {name: value for name, value in statement.items() if name not in _SET_BY_US}
    found["verb"] = statement["verb"]["id"]
    found["object"] = {name: value for name, value in statement["object"].items() if name != "definition"}
    found["object"].setdefault("objectType", "Activity")
    found["actor"] = {"objectType": "Agent", **statement["actor"]}
    found["timestamp"] = read_time(statement["timestamp"]) if timed else None
    return found


def _origin(request: Request, running: Running) -> Origin:
    return Origin(
        region=running.settings.region,
        service=running.service,
        actor=str(request.state.actor),
        at=running.clock.now(),
        correlation_id=request.scope["state"]["correlation_id"],
        causation_id=request.headers.get("idempotency-key", "xapi")[:200],
    )
