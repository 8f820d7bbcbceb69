"""The eligibility gate: who may be proposed to a child, and on what evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from shared.contracts.eligibility import NAMES, Evidence, Shortfall, shortfalls
from shared.kernel.decider import Refused

Away: TypeAlias = tuple[date, date | None]
"""From a day up to, without, another; None is until further notice."""


@dataclass(frozen=True, slots=True)
class MentorStanding:
    """What is known of a mentor when the command is given: employment, and what training has seen.

    `leaves` are longer and keep a mentor from every child; `absences` are of days, and keep them from covering.
    `deployable` is what training last decided; None when it has not yet.
    """

    mentor_id: UUID
    engaged_on: date | None = None
    left_on: date | None = None
    evidence: tuple[Evidence, ...] = ()
    leaves: tuple[Away, ...] = ()
    absences: tuple[Away, ...] = ()
    deployable: bool | None = None


@dataclass(frozen=True, slots=True)
class ChildStanding:
    """What is known of a child when the command is given. `school_id` is None until the child is accepted."""

    child_id: UUID
    school_id: UUID | None = None
    has_provision: bool = False


def pass_child(child: ChildStanding) -> UUID:
    """The school of a child who may have a mentor. Refused otherwise."""
    if child.school_id is None:
        raise Refused("child_not_accepted", "this child is not accepted; accept the support request first")
    if not child.has_provision:
        raise Refused(
            "child_without_provision", "no provision is specified for this child; specify one first"
        )
    return child.school_id


def pass_mentor(mentor: MentorStanding, days: Iterable[date]) -> None:
    """Let a mentor through who is employed, there, and lacks nothing on any of these days. Refused otherwise."""
    days = sorted(set(days))
    if mentor.engaged_on is None:
        raise Refused("mentor_not_engaged", "this mentor is not engaged; engage them first")
    if days[0] < mentor.engaged_on:
        raise Refused(
            "mentor_not_engaged",
            f"this mentor is engaged from {mentor.engaged_on} on; choose that day or a later one",
        )
    if mentor.left_on is not None and days[-1] >= mentor.left_on:
        raise Refused("mentor_left", f"this mentor left on {mentor.left_on}; choose another mentor")
    for day in days:
        if (leave := away_on(mentor.leaves, day)) is not None:
            raise Refused(
                "mentor_on_leave",
                f"this mentor is on leave from {leave[0]}{_until(leave)}; record the return, or choose another mentor",
            )
    lacking = {lack.item: lack for day in days for lack in shortfalls(mentor.evidence, day)}
    if lacking:
        raise Refused(
            "mentor_not_deployable",
            f"{'; '.join(map(str, lacking.values()))}. Complete or renew these, or choose another mentor",
            items=tuple(_item(lack) for lack in lacking.values()),
        )


def pass_cover(mentor: MentorStanding, days: Iterable[date]) -> None:
    """The same gate for who covers, on each of the days; and they have to be there on all of them."""
    days = sorted(set(days))
    pass_mentor(mentor, days)
    absent = [day for day in days if away_on(mentor.absences, day) is not None]
    if absent:
        raise Refused(
            "mentor_absent",
            f"this mentor is absent on {', '.join(map(str, absent))}; leave those days out, or ask another mentor",
        )


def away_on(spans: Iterable[Away], day: date) -> Away | None:
    """The span that holds this day."""
    return next((span for span in spans if span[0] <= day and (span[1] is None or day < span[1])), None)


def _until(span: Away) -> str:
    return "" if span[1] is None else f" up to {span[1]}"


def _item(lack: Shortfall) -> dict[str, str | None]:
    return {
        "item": lack.item,
        "name": NAMES[lack.item],
        "status": lack.status,
        "since": None if lack.since is None else lack.since.isoformat(),
    }
