"""Who asks what over HTTP, as known when, resting on what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.api.showing import KnownAt
from services.audit.read_model.answers import answer
from services.audit.read_model.eyes import Eyes
from services.audit.read_model.kinds import Asked, Wrong
from services.audit.read_model.known import NotWitnessed, extent
from services.audit.read_model.states import NothingKnown, TooMuch
from services.audit.subscriptions import SOURCES
from shared.kernel.call import Lookup, Reads
from shared.kernel.problems import NotFound, Problem
from shared.kernel.sight import sight

On = Annotated[date | None, Query(description="the day asked about; default: that of known_at")]
Verified = Annotated[
    bool,
    Query(
        description="rest on nothing but facts inside the largest tree of the ledger witnessed by known_at"
    ),
]


@dataclass(frozen=True, slots=True)
class Asking:
    """The two times of a question, and whether it wants proof."""

    reads: Reads
    known_at: KnownAt = None
    verified: Verified = False

    @property
    def moment(self) -> datetime:
        return self.known_at or self.reads.running.clock.now()

    async def answer(self, kind: str, asked: Asked) -> dict[str, Any]:
        """The answer. Raises Problem: 404, 409, 422. Whom it is about is kept with the view."""
        about = {"child_id": asked.child_id, "mentor_id": asked.mentor_id, "school_id": asked.school_id}
        self.reads.shows(**about)
        try:
            return await self.reads(_look_up, kind, asked, self.moment, self.verified, eyes(self.reads))
        except Exception as refused:
            raise refusal(refused, asked) from None


def eyes(reads: Lookup, insist: bool = False) -> Eyes:
    """Those of the caller: their role and purpose decide. What is opened is kept with the view."""
    seen = sight()
    return Eyes(reads.running.sealer, seen.opens, insist, seen.shown)


async def _look_up(
    db: AsyncConnection, kind: str, asked: Asked, moment: datetime, verified: bool, eyes: Eyes
) -> dict[str, Any]:
    return await answer(db, kind, asked, await extent(db, moment, SOURCES, verified), eyes)


def refusal(refused: Exception, asked: Asked | None = None) -> Exception:
    """What is said to whoever asked; other errors are returned as they are."""
    match refused:
        case Wrong(field=field, detail=detail):
            wrong = {"field": field, "detail": detail}
            return Problem(422, "invalid_request", f"{field}: {detail}", errors=[wrong])
        case NothingKnown():
            kind, subject = asked.whose if asked else (None, None)
            return NotFound(kind or "fact", subject or "")
        case NotWitnessed():
            return Problem(
                409,
                "not_witnessed",
                "no tree of the ledger had been witnessed by then: ask about a later moment, or without verified",
            )
        case TooMuch():
            return Problem(
                409,
                "too_much_at_once",
                "a history this long is replayed in the background: POST /audit/replays",
            )
        case _:
            return refused


Known = Annotated[Asking, Depends()]
