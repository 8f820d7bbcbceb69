"""Taking statements in: known or new, of whom, about which course; all of a request or nothing of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request

from services.training.agency import agency
from services.training.xapi.agents import Who, mentors_behind, who
from services.training.xapi.delivery import LearningFact, Take, delivery
from services.training.xapi.kept import Kept, deliveries_of, opened
from services.training.xapi.meaning import VOIDED, digest, verb_name
from services.training.xapi.shapes import read_time
from services.training.xapi.versions import wrong
from shared.contracts.training.learning import LearningStated, LearningVoided
from shared.contracts.words.privacy import Unreadable
from shared.kernel.call import Lookup
from shared.kernel.commands import execute
from shared.kernel.decider import Refused
from shared.kernel.envelope import Origin, new_id
from shared.kernel.problems import Problem
from shared.kernel.running import Running

TRIES = 3
_SET_BY_US = frozenset({"id", "stored", "authority", "version"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it was sent, under the id that it has or was given."""

    statement_id: UUID
    body: Mapping[str, Any]

    @property
    def target(self) -> UUID | None:
        """The statement that it is about."""
        about = self.body["object"]
        return UUID(about["id"]) if about.get("objectType") == "StatementRef" else None

    @property
    def voids(self) -> bool:
        return bool(self.body["verb"]["id"] == VOIDED)


async def take(request: Request, reads: Lookup, sent: Sequence[Sent]) -> None:
    """Record what is new. Raises Problem 403 and 409, and then nothing is recorded."""
    running = reads.running
    ids = {one.statement_id for one in sent}
    targets = {one.target for one in sent if one.voids and one.target is not None}
    for attempt in range(1, TRIES + 1):
        streams = await reads(deliveries_of, ids | targets)
        known = await opened(running, streams.values())
        new = [one for one in sent if not _is_known(one, known.get(one.statement_id))]
        learning = await _learning(reads, new, known, running.clock.now())
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


async def _learning(
    reads: Lookup, new: Sequence[Sent], known: Mapping[UUID, Kept], now: datetime
) -> list[LearningFact]:
    """The facts of new statements, in their order."""
    named = {one.statement_id: who(one.body["actor"], agency().home) for one in new if not one.voids}
    mentors = await reads(mentors_behind, {found for found in named.values() if found is not None})
    here = {one.statement_id: one for one in new}
    return [
        _voided(one, _mentor_of(one, known, here, named, mentors), now)
        if one.voids
        else _stated(one, _mentor(one, named[one.statement_id], mentors), now)
        for one in new
    ]


def _mentor(sent: Sent, found: Who | None, mentors: Mapping[Who, UUID]) -> UUID:
    mentor_id = mentors.get(found) if found else None
    if mentor_id is None:
        message = (
            f"{sent.statement_id}: its actor is no mentor here. Name one by an account with homePage "
            f"{agency().home} and the mentor's id as its name, or by the address that the agency knows"
        )
        raise Problem(403, "actor_unknown", message)
    return mentor_id


def _mentor_of(
    sent: Sent,
    known: Mapping[UUID, Kept],
    here: Mapping[UUID, Sent],
    named: Mapping[UUID, Who | None],
    mentors: Mapping[Who, UUID],
) -> UUID:
    """Whose statement is voided: whoever states that may be anybody, such as an administrator."""
    target = sent.target
    assert target is not None
    if target in known:
        if isinstance(known[target].fact, LearningVoided):
            raise wrong("object", "a voiding statement can't be voided; send the statement anew")
        return known[target].fact.mentor_id
    if target not in here:
        message = f"{sent.statement_id} voids {target}, which was never sent here; send that first"
        raise Problem(409, "statement_unknown", message)
    if here[target].voids:
        raise wrong("object", "a voiding statement can't be voided; send the statement anew")
    return _mentor(here[target], named[target], mentors)


def _stated(sent: Sent, mentor_id: UUID, now: datetime) -> LearningStated:
    body = sent.body
    about, verb = body["object"], body["verb"]["id"]
    is_activity = about.get("objectType", "Activity") == "Activity"
    return LearningStated(
        statement_id=sent.statement_id,
        mentor_id=mentor_id,
        verb=verb_name(verb),
        activity=digest(about["id"]) if is_activity else None,
        course_id=agency().course_of(about["id"]) if is_activity else None,
        registration=_registration(body),
        refers_to=sent.target,
        success=body.get("result", {}).get("success"),
        happened_at=_happened(body, now),
        statement=orjson.dumps(body).decode(),
    )


def _voided(sent: Sent, mentor_id: UUID, now: datetime) -> LearningVoided:
    assert sent.target is not None
    return LearningVoided(
        statement_id=sent.statement_id,
        mentor_id=mentor_id,
        voided_statement_id=sent.target,
        registration=_registration(sent.body),
        happened_at=_happened(sent.body, now),
        statement=orjson.dumps(sent.body).decode(),
    )


def _registration(body: Mapping[str, Any]) -> UUID | None:
    found = body.get("context", {}).get("registration")
    return UUID(found) if found else None


def _happened(body: Mapping[str, Any], now: datetime) -> datetime:
    stated = read_time(body["timestamp"]) if "timestamp" in body else None
    return stated or now


def _origin(request: Request, running: Running) -> Origin:
    return Origin(
        region=running.settings.region,
        service=running.service,
        actor=str(request.state.actor),
        at=running.clock.now(),
        correlation_id=request.scope["state"]["correlation_id"],
        causation_id=request.headers.get("idempotency-key", "xapi")[:200],
    )
