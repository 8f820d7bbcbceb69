"""What auditors ask, over HTTP. Each answer says what it rests on, and has a hash by which it is told again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Concatenate, ParamSpec
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.api.showing import KnownAt
from services.audit.read_model import questions
from services.audit.read_model.questions import Evidence, Span
from services.audit.read_model.timelines import positions
from services.audit.replay.answer import sealed
from services.audit.subscriptions import SOURCES
from shared.contracts.eligibility import Item
from shared.kernel.call import Reads, allows, seen
from shared.kernel.problems import Problem

ASKERS = ("auditor", "manager", "compliance", "dsl", "coordinator")
FOLD = "questions/3"
LONGEST = 31
"""Days that may be asked about at once for a whole region."""
EVER = 366 * 40
"""And for a child, a mentor or a school: longer than anything is kept."""
EARLIEST = date(1990, 1, 1)

router = APIRouter(prefix="/questions", tags=["questions"], dependencies=[allows(*ASKERS), seen("ledger")])

P = ParamSpec("P")

From = Annotated[date, Query(alias="from", description="first day asked about")]
To = Annotated[date, Query(alias="to", description="first day not asked about any more")]
On = Annotated[date | None, Query(description="the day asked about; default: that of known_at")]
ChildId = Annotated[UUID | None, Query(description="only of this child")]
MentorId = Annotated[UUID | None, Query(description="only of this mentor")]
SchoolId = Annotated[UUID | None, Query(description="only of this school")]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks what, as known when."""

    reads: Reads
    known_at: KnownAt = None

    @property
    def moment(self) -> datetime:
        return self.known_at or self.reads.running.clock.now()

    async def answer(
        self,
        question: Callable[Concatenate[Evidence, P], Awaitable[dict[str, Any]]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> dict[str, Any]:
        """The answer, what it rests on, and the hash of both."""
        moment = self.moment

        async def look_up(db: AsyncConnection) -> dict[str, Any]:
            # All of it of one moment of the ledger.
            await db.execution_options(isolation_level="REPEATABLE READ")
            evidence = Evidence(db, moment)
            answer = await question(evidence, *args, **kwargs)
            reached = await positions(db, moment, SOURCES)
            rests_on = {"positions": reached, "facts": evidence.facts, "unread": evidence.unread}
            return {"rests_on": rests_on, "answer": answer}

        asked = str(question.__doc__).strip()
        found = await self.reads(look_up)
        return sealed({"question": asked, "known_at": moment.isoformat(), "fold": FOLD, **found})


Asked = Annotated[Asking, Depends()]


@router.get("/who-supported")
async def who_supported(asking: Asked, child_id: UUID, on: On = None) -> dict[str, Any]:
    """1. Who supported the child on a day, in date for training on that day or not: as known at a moment."""
    asking.reads.shows(child_id=child_id)
    return await asking.answer(questions.who_supported, child_id, on or asking.moment.date())


@router.get("/delivered-by-ineligible")
async def delivered_by_ineligible(
    asking: Asked, since: From, until: To, child_id: ChildId = None, mentor_id: MentorId = None
) -> dict[str, Any]:
    """2. Which sessions were delivered by somebody later found ineligible."""
    span = _span(asking, since, until, child=child_id, mentor=mentor_id)
    return await asking.answer(questions.delivered_by_ineligible, span)


@router.get("/cleared-on-evidence")
async def cleared_on_evidence(asking: Asked, mentor_id: UUID, on: On = None) -> dict[str, Any]:
    """3. On what evidence the mentor was cleared, and who looked at it, when."""
    asking.reads.shows(mentor_id=mentor_id)
    return await asking.answer(questions.cleared_on_evidence, mentor_id, on or asking.moment.date())


@router.get("/late-or-amended-logs")
async def late_or_amended_logs(
    asking: Asked, since: From, until: To, child_id: ChildId = None, mentor_id: MentorId = None
) -> dict[str, Any]:
    """4. Which logs were late, returned, amended or voided: before, after, by whom, why."""
    span = _span(asking, since, until, child=child_id, mentor=mentor_id)
    return await asking.answer(questions.late_or_amended, span)


@router.get("/provision-delivered")
async def provision_delivered(asking: Asked, child_id: UUID, since: From, until: To) -> dict[str, Any]:
    """5. Provision specified against delivered for the child, with the reasons for the gap."""
    _span(asking, since, until, child=child_id)
    return await asking.answer(questions.provision_delivered, child_id, since, until)


@router.get("/without-primary")
async def without_primary(asking: Asked, child_id: UUID, since: From, until: To) -> dict[str, Any]:
    """6. Every period the child had no primary, and who covered."""
    _span(asking, since, until, child=child_id)
    return await asking.answer(questions.without_primary, child_id, since, until)


@router.get("/whole-class-use")
async def whole_class_use(
    asking: Asked,
    since: From,
    until: To,
    child_id: ChildId = None,
    mentor_id: MentorId = None,
    school_id: SchoolId = None,
) -> dict[str, Any]:
    """7. Any use of a mentor for a whole class."""
    span = _span(asking, since, until, child=child_id, mentor=mentor_id, school=school_id)
    return await asking.answer(questions.whole_class_use, span)


@router.get("/alerts-before-lapse")
async def alerts_before_lapse(
    asking: Asked, mentor_id: UUID, item: Annotated[Item, Query(description="a track or a clearance")]
) -> dict[str, Any]:
    """8. Which alerts fired before each lapse, who acknowledged, how long until somebody acted."""
    asking.reads.shows(mentor_id=mentor_id)
    return await asking.answer(questions.alerts_before, mentor_id, item)


def _span(asking: Asking, since: date, until: date, **of: UUID | None) -> Span:
    """The days asked about, and whose. Raises Problem 422 when they make no sense or are too many."""
    named = {kind: subject for kind, subject in of.items() if subject is not None}
    if until <= since:
        raise _wrong("to", "a day after `from`; the last day asked about is the one before it")
    if since < EARLIEST:
        raise _wrong("from", f"{EARLIEST} or later; nothing is on record of the time before")
    if until - since > timedelta(days=EVER):
        raise _wrong("to", f"at most {EVER} days after `from`; that is more than anything is kept for")
    first, *others = [f"{kind}_id" for kind in named] or [""]
    if others:
        raise _wrong(others[0], f"leave it out, or leave {first} out")
    if not named and until - since > timedelta(days=LONGEST):
        raise _wrong("to", f"at most {LONGEST} days after `from`, unless a child, mentor or school is named")
    asking.reads.shows(**{f"{kind}_id": subject for kind, subject in named.items()})
    return Span(since, until, *next(iter(named.items()), (None, None)))


def _wrong(field: str, detail: str) -> Problem:
    return Problem(422, "invalid_request", f"{field}: {detail}", errors=[{"field": field, "detail": detail}])
