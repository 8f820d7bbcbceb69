"""New statements as facts: of whom, about which course, and what stands in the open of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.training.agency import agency
from services.training.xapi.agents import Who, mentors_behind, who
from services.training.xapi.delivery import LearningFact
from services.training.xapi.kept import Kept
from services.training.xapi.meaning import VOIDED, digest, verb_name
from services.training.xapi.shapes import read_time
from services.training.xapi.versions import wrong
from shared.contracts.training.learning import LearningStated, LearningVoided
from shared.kernel.call import Lookup
from shared.kernel.problems import Problem


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


async def learning_of(
    reads: Lookup, new: Sequence[Sent], known: Mapping[UUID, Kept], now: datetime
) -> list[LearningFact]:
    """The facts of new statements, in their order. Raises Problem 400, 403 and 409."""
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
