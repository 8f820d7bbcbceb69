"""The state of a whole region on a day: who is active, who supports whom, who is uncovered, who is not deployable.

It holds what the children, mentors and assignments of a region come to, and the sessions of one day; never the
facts. So it is as large as the region, however long its history, and can be put down and taken up again.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.audit.replay import lifecycles, primaries, sessions_of_day, standing_then
from services.audit.replay.compliance import Mentor
from services.audit.replay.lifecycles import Since
from services.audit.replay.primaries import Primaries, Support
from services.audit.replay.sessions_of_day import SessionsOfDay, counted
from shared.contracts.fact import Fact, contract_of

FOLD = "region-state/1"
"""Changes whenever the same facts would give another answer."""

TYPES: tuple[type[Fact], ...] = (
    *lifecycles.OF_CHILD,
    *lifecycles.OF_MENTOR,
    *(kind for kind in primaries.TYPES if kind not in lifecycles.OF_CHILD),
    *standing_then.TYPES,
    *sessions_of_day.TYPES,
)
SOURCES: tuple[str, ...] = tuple(sorted({contract_of(kind).service for kind in TYPES}))

EMPLOYED = ("engaged", "on_leave")


@dataclass
class Case:
    """What is known of one child."""

    statuses: list[Since] = field(default_factory=list)
    primaries: Primaries = field(default_factory=Primaries)


@dataclass
class Person:
    """What is known of one mentor."""

    employment: list[Since] = field(default_factory=list)
    evidence: Mentor = field(default_factory=Mentor)


@dataclass
class Region:
    """What the facts say of a region, to be asked for one day."""

    sessions: SessionsOfDay
    children: dict[UUID, Case] = field(default_factory=dict)
    mentors: dict[UUID, Person] = field(default_factory=dict)

    def take(self, fact: Fact) -> None:
        """Fold in a fact. Those of one service come in the order of their positions; of services in any order."""
        if isinstance(fact, sessions_of_day.TYPES):
            self.sessions.take(fact)
        elif isinstance(fact, lifecycles.OF_MENTOR):
            if begun := lifecycles.of_mentor(fact):
                self._mentor(fact).employment.append(begun)
        elif isinstance(fact, standing_then.TYPES):
            self._mentor(fact).evidence.take(fact)
        else:
            self._child(fact)

    def _mentor(self, fact: Fact) -> Person:
        mentor_id: UUID = fact.mentor_id  # type: ignore[attr-defined]
        return self.mentors.setdefault(mentor_id, Person())

    def _child(self, fact: Fact) -> None:
        child_id: UUID = fact.child_id  # type: ignore[attr-defined]
        case = self.children.setdefault(child_id, Case())
        primaries.take(case.primaries, fact)
        if begun := lifecycles.of_child(fact):
            case.statuses.append(begun)


def state(region: Region, on: date) -> dict[str, Any]:
    """The region on that day: counts, and lists by id."""
    children = {child_id: lifecycles.on(case.statuses, on) for child_id, case in region.children.items()}
    mentors = {mentor_id: lifecycles.on(one.employment, on) for mentor_id, one in region.mentors.items()}
    supports, uncovered = _supports(region, on), _uncovered(region, children, on)
    employed = sorted(str(mentor_id) for mentor_id, status in mentors.items() if status in EMPLOYED)
    lacking = _not_deployable(region, employed, on)
    sessions = region.sessions.listed()
    return {
        "counts": {
            "children": _counted(children.values()),
            "mentors": {**_counted(mentors.values()), "deployable": len(employed) - len(lacking)},
            "not_deployable": len(lacking),
            "supports": len(supports),
            "uncovered": len(uncovered),
            "sessions": counted(sessions),
        },
        "children": _by_status(children),
        "supports": supports,
        "uncovered": uncovered,
        "not_deployable": lacking,
        "sessions": sessions,
    }


def _supports(region: Region, on: date) -> list[dict[str, Any]]:
    found = [
        _told(one, on)
        for case in region.children.values()
        for one in case.primaries.supports.values()
        if one.in_force(on)
    ]
    return sorted(found, key=lambda one: (one["child_id"], one["role"] != "primary", one["assignment_id"]))


def _told(one: Support, on: date) -> dict[str, Any]:
    return {
        "child_id": str(one.begun.child_id),
        "mentor_id": str(one.begun.mentor_id),
        "assignment_id": str(one.begun.assignment_id),
        "role": one.begun.role,
        "since": one.begun.effective_from.isoformat(),
        "rests": one.rests(on),
    }


def _uncovered(region: Region, statuses: dict[UUID, str], on: date) -> list[dict[str, Any]]:
    """Active children with whom nobody was to be that day, and why not their own mentor."""
    found = [
        {"child_id": str(child_id), "why": region.children[child_id].primaries.gap(on) or "no_primary"}
        for child_id, status in statuses.items()
        if status == "active" and not region.children[child_id].primaries.there(on)
    ]
    return sorted(found, key=lambda one: one["child_id"])


def _not_deployable(region: Region, employed: list[str], on: date) -> list[dict[str, Any]]:
    """Those employed who lacked something that day, by the evidence or by training's own decision."""
    found = [{"mentor_id": one, **region.mentors[UUID(one)].evidence.on(on)} for one in employed]
    return [one for one in found if not (one["in_date"] and one["cleared_by_training"])]


def _by_status(statuses: dict[UUID, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for child_id, status in statuses.items():
        found[status].append(str(child_id))
    return {status: sorted(ids) for status, ids in sorted(found.items())}


def _counted(statuses: Any) -> dict[str, int]:
    return dict(sorted(Counter(statuses).items()))
