"""What was known of a mentor at a moment: folded from the history as the decider folds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.domain.compliance import compliance
from services.training.domain.standing import Compliance, Standing, Status
from services.training.read_model.tables import history, mentors
from shared.contracts.fact import Fact, find_contract
from shared.contracts.training.enrolment import TrainingCompleted, TrainingWaived
from shared.contracts.training.standing import MentorCleared, MentorStoodDown, MentorVetted
from shared.contracts.words.privacy import Unreadable


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact with its place in the history."""

    fact: Fact
    position: int
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Known:
    """`mentor` is the row of today; `entries` and `state` are what was on record then."""

    mentor: dict[str, Any]
    entries: Sequence[Entry]
    state: Compliance

    def decided(self, on: date) -> Entry | None:
        """The last decision up to that day on how the mentor stands."""
        standing = [
            entry for entry in self.entries if isinstance(entry.fact, Standing) and day_of(entry.fact) <= on
        ]
        return standing[-1] if standing else None

    def suspended_on(self, on: date) -> date | None:
        """The first day of the suspension that lasts on that day."""
        spans = self.state.suspensions.items()
        return max(
            (start for start, end in spans if start <= on and (end is None or on <= end)), default=None
        )

    def ever_cleared(self, on: date) -> bool:
        return any(isinstance(e.fact, MentorCleared) and e.fact.cleared_on <= on for e in self.entries)

    def completions(self) -> dict[UUID, Entry]:
        """By enrolment: what proves it was completed, or why it was waived."""
        return {
            entry.fact.enrolment_id: entry
            for entry in self.entries
            if isinstance(entry.fact, TrainingCompleted | TrainingWaived)
        }


def day_of(fact: Fact) -> date:
    """The first day of a standing."""
    match fact:
        case MentorVetted(vetted_on=day) | MentorCleared(cleared_on=day) | MentorStoodDown(stood_down_on=day):
            return day
        case _:
            raise TypeError(f"{type(fact).__name__} decides nothing about a mentor's standing")


def decided_state(fact: Fact | None) -> Status:
    """How a mentor stands after that decision; None is before any."""
    match fact:
        case MentorVetted():
            return "inducting"
        case MentorCleared():
            return "deployable"
        case MentorStoodDown():
            return "restricted"
        case _:
            return "vetting"


async def known(db: AsyncConnection, mentor_id: UUID, known_at: datetime | None) -> Known | None:
    """All that was on record of a mentor at that moment; None for a mentor nobody ever heard of."""
    found = await db.execute(select(mentors).where(mentors.c.mentor_id == mentor_id))
    mentor = found.mappings().one_or_none()
    if mentor is None:
        return None
    asked = select(history).where(history.c.mentor_id == mentor_id).order_by(history.c.position)
    if known_at is not None:
        asked = asked.where(history.c.recorded_at <= known_at)
    entries = [_entry(row) for row in (await db.execute(asked)).mappings()]
    facts = (e.fact for e in entries if not isinstance(e.fact, TrainingCompleted | TrainingWaived))
    return Known(dict(mentor), entries, compliance.fold(facts))


def _entry(row: Any) -> Entry:
    contract = find_contract(row["topic"])
    if contract is None:
        raise LookupError(f"no contract {row['topic']}")
    # the number on a document is not kept here, and nobody asks for it; what was purged was erased
    inside = row["personal"] or dict.fromkeys(contract.personal, Unreadable.ERASED)
    fact = contract.model.model_validate({"reference": "", **inside, **row["data"]})
    return Entry(fact, row["position"], row["recorded_at"].astimezone(UTC), row["actor"])
