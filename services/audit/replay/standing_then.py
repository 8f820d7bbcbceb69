"""What mentors could show on a day, as known at any moment: the facts are kept in the order of recording."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.audit.replay.compliance import Mentor
from shared.contracts.fact import Fact
from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    SuspensionLifted,
)
from shared.kernel.recorded import Recorded

TYPES: tuple[type[Fact], ...] = (
    CertificationGranted,
    CertificationRevoked,
    ClearanceRecorded,
    ClearanceWithdrawn,
    MentorSuspended,
    SuspensionLifted,
    MentorCleared,
    MentorStoodDown,
)


@dataclass
class Standings:
    """The evidence of many mentors, to be asked as of a day and as known at a moment."""

    _facts: dict[UUID, list[Recorded[Any]]] = field(default_factory=lambda: defaultdict(list))
    _now: dict[tuple[UUID, date], dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Iterable[Recorded[Any]]) -> "Standings":
        """From facts in the order of recording; those that tell nothing of evidence are left out."""
        found = cls()
        for recorded in facts:
            if isinstance(recorded.fact, TYPES):
                found._facts[recorded.fact.mentor_id].append(recorded)  # type: ignore[attr-defined]
        return found

    def on(self, mentor_id: UUID, day: date, known_at: datetime | None = None) -> dict[str, Any]:
        """What the mentor could show on that day, as known at that moment (else by all the facts)."""
        facts = self._facts.get(mentor_id, [])
        if known_at is not None:
            return _folded(facts[: bisect_right(facts, known_at, key=lambda one: one.recorded_at)]).on(day)
        if (mentor_id, day) not in self._now:
            self._now[mentor_id, day] = _folded(facts).on(day)
        return self._now[mentor_id, day]


def _folded(facts: Iterable[Recorded[Any]]) -> Mentor:
    mentor = Mentor()
    for recorded in facts:
        mentor.take(recorded.fact)
    return mentor
