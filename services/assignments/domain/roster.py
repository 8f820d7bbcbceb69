"""What a school's roster was last seen to say: which schools are ours, and who is supported one to one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.assignments.roster import RosterSchoolLinked, RosterSupportGone, RosterSupportSeen
from shared.kernel.decider import Decider

RosterFact: TypeAlias = RosterSchoolLinked | RosterSupportSeen | RosterSupportGone
Place: TypeAlias = tuple[UUID | None, UUID]


def made_from(source: str, kind: str, sourced_id: str = "") -> UUID:
    """The id of a roster's record: the same on every import. `source` keeps two schools' numbers apart."""
    return uuid5(NAMESPACE_URL, f"urn:oneroster:{len(source)}:{source}:{kind}:{sourced_id}")


@dataclass(frozen=True, slots=True)
class Support:
    """A child in a class of its own with an aide, or named by hand, without a class."""

    class_id: UUID | None
    child_id: UUID
    aide_id: UUID | None
    mentor_id: UUID | None
    school_id: UUID
    request_id: UUID

    @property
    def place(self) -> Place:
        return self.class_id, self.child_id


@dataclass(frozen=True, slots=True)
class NoteRoster:
    """What an import found: schools, supports as they are now, and those that are no more."""

    roster_id: UUID
    on: date
    links: Mapping[UUID, UUID] = field(default_factory=dict)
    seen: tuple[Support, ...] = ()
    gone: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Roster:
    """`links` lead from an organisation to its school; `left` counts how often a child was no longer supported."""

    links: Mapping[UUID, UUID] = field(default_factory=dict)
    supports: Mapping[Place, Support] = field(default_factory=dict)
    left: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def aides(self) -> frozenset[UUID]:
        """The aides of those who are supported."""
        return frozenset(held.aide_id for held in self.supports.values() if held.aide_id)


def decide(state: Roster, command: NoteRoster) -> Sequence[RosterFact]:
    return tuple(_decided(state, command))


def _decided(state: Roster, command: NoteRoster) -> Iterator[RosterFact]:
    named = command.roster_id
    for org_id, school_id in command.links.items():
        if state.links.get(org_id) != school_id:
            yield RosterSchoolLinked(roster_id=named, org_id=org_id, school_id=school_id)
    for support in command.seen:
        if support.place not in command.gone and state.supports.get(support.place) != support:
            yield RosterSupportSeen(roster_id=named, seen_on=command.on, **asdict(support))
    # After what is new: who moves to another class never left.
    for place, support in state.supports.items():
        if place in command.gone:
            yield RosterSupportGone(roster_id=named, gone_on=command.on, **asdict(support))


def evolve(state: Roster, fact: RosterFact) -> Roster:
    match fact:
        case RosterSchoolLinked():
            return replace(state, links={**state.links, fact.org_id: fact.school_id})
        case RosterSupportSeen():
            support = Support(
                fact.class_id, fact.child_id, fact.aide_id, fact.mentor_id, fact.school_id, fact.request_id
            )
            return replace(state, supports={**state.supports, support.place: support})
        case RosterSupportGone():
            kept = {
                place: held
                for place, held in state.supports.items()
                if place != (fact.class_id, fact.child_id)
            }
            left = dict(state.left)
            if all(held.child_id != fact.child_id for held in kept.values()):
                left[fact.child_id] = left.get(fact.child_id, 0) + 1
            return replace(state, supports=kept, left=left)


roster: Decider[Roster, NoteRoster] = Decider("roster", Roster(), decide, evolve)
