"""A school, as the register tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.assignments.school import SchoolDetails, SchoolDetailsChanged, SchoolRegistered
from shared.kernel.decider import Decider

SchoolFact: TypeAlias = SchoolRegistered | SchoolDetailsChanged


def school_id(urn: int) -> UUID:
    """The id of the school with this unique reference number: the same in every region, on every import."""
    return uuid5(NAMESPACE_URL, f"urn:gias:{urn}")


@dataclass(frozen=True, slots=True)
class RecordSchool:
    """Take over what the register says now."""

    details: SchoolDetails


School: TypeAlias = SchoolDetails | None


def decide(state: School, command: RecordSchool) -> Sequence[SchoolFact]:
    if state is None:
        return (SchoolRegistered(**dict(command.details)),)
    if state == command.details:
        return ()
    return (SchoolDetailsChanged(**dict(command.details)),)


def evolve(state: School, fact: SchoolFact) -> School:
    match fact:
        case SchoolRegistered() | SchoolDetailsChanged():
            return SchoolDetails(**dict(fact))


school: Decider[School, RecordSchool] = Decider("school", None, decide, evolve)
