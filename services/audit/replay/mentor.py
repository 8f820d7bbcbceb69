"""The state of one mentor on a day, as known at a moment: folded from the facts that were on record then."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.audit.replay import lifecycles, primaries, sessions_of_day, standing_then
from services.audit.replay.compliance import Mentor
from services.audit.replay.lifecycles import Since
from services.audit.replay.primaries import Primaries
from services.audit.replay.sessions_of_day import SessionsOfDay, counted
from shared.contracts.fact import Fact
from shared.kernel.recorded import Recorded

FOLD = "mentor-state/1"
"""Changes whenever the same facts would give another answer."""

TYPES: tuple[type[Fact], ...] = (
    *lifecycles.OF_MENTOR,
    *primaries.TYPES,
    *standing_then.TYPES,
    *sessions_of_day.TYPES,
)


def state(mentor_id: UUID, facts: Iterable[Recorded[Any]], on: date) -> dict[str, Any]:
    """The mentor on that day: employment, evidence, the children and the sessions. Facts in the order of recording."""
    employment: list[Since] = []
    evidence, assigned, sessions = Mentor(), Primaries(), SessionsOfDay(on)
    for recorded in facts:
        fact = recorded.fact
        if begun := lifecycles.of_mentor(fact):
            employment.append(begun)
        primaries.take(assigned, fact)
        sessions.take(fact)
        evidence.take(fact)
    held = [one for one in assigned.supports.values() if one.in_force(on)]
    listed = sessions.listed()
    return {
        "mentor_id": str(mentor_id),
        "employment": lifecycles.on(employment, on),
        "compliance": evidence.on(on),
        "children": [
            {
                "child_id": str(one.begun.child_id),
                "assignment_id": str(one.begun.assignment_id),
                "role": one.begun.role,
                "since": one.begun.effective_from.isoformat(),
                "rests": one.rests(on),
            }
            for one in sorted(held, key=lambda one: (one.begun.role != "primary", one.begun.effective_from))
        ],
        "sessions": {**counted(listed), "listed": listed},
    }
