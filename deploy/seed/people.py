"""The people of a part of the agency, as its history needs to know them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from deploy.seed.history import Fields
from shared.contracts.assignments.child import Outcome
from shared.contracts.eligibility import Evidence
from shared.contracts.words.support import Area, CurriculumLevel, Need


@dataclass(slots=True)
class School:
    school_id: UUID
    name: str
    secondary: bool
    town: str
    recipient: UUID | None = None


@dataclass(slots=True)
class Mentor:
    """`evidence` is what training has seen; `deployable` as training last said. A floater stands in for others."""

    mentor_id: UUID
    name: str
    email: str
    floater: bool
    evidence: list[Evidence] = field(default_factory=list)
    deployable: bool = False
    vetted: bool = False
    engaged: bool = False
    left: bool = False
    bound: bool = False
    absences_told: bool = False
    away: set[date] = field(default_factory=set)
    covering: set[date] = field(default_factory=set)
    support: "Support | None" = None


@dataclass(slots=True)
class Child:
    child_id: UUID
    name: str
    birth_date: date
    school: School
    request_id: UUID
    areas: tuple[Area, ...]
    needs: tuple[Need, ...]
    level: CurriculumLevel
    sessions_a_day: int
    outcomes: tuple[Outcome, ...] = ()
    away: set[date] = field(default_factory=set)
    support: "Support | None" = None
    exited: bool = False
    active: bool = False
    first_time: bool = True
    parent_recipient: UUID | None = None


@dataclass(slots=True)
class Meeting:
    """A session as planned, in the slot of that number; `over` when it was cancelled or has begun."""

    session_id: UUID
    support: "Support"
    starts_at: datetime
    ends_at: datetime
    day: date
    number: int
    cover: bool = False
    over: bool = False

    @property
    def ids(self) -> Fields:
        """Whose session it is, as its facts say it."""
        return {
            "session_id": self.session_id,
            "mentor_id": self.support.mentor.mentor_id,
            "child_id": self.support.child.child_id,
            "school_id": self.support.child.school.school_id,
        }

    @property
    def plan(self) -> Fields:
        """When it was to take place, and as part of what."""
        return {
            "assignment_id": self.support.assignment_id,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
        }

    def is_over(self) -> bool:
        """Whether somebody called it off, or began it, since it was last looked at."""
        return self.over


@dataclass(slots=True)
class Support:
    """An assignment in force: `ended_on` is the first day without it.

    `made`: how often a slot of a day was planned, and whether what was planned last is called off.
    """

    assignment_id: UUID
    child: Child
    mentor: Mentor
    role: str
    begins_on: date
    ended_on: date | None = None
    pauses: list[tuple[date, date | None]] = field(default_factory=list)
    handed_over: bool = False
    timetable_id: UUID | None = None
    starts: tuple[int, ...] = ()
    made: dict[tuple[date, int], tuple[int, bool]] = field(default_factory=dict)
    expanded_until: date | None = None
    next_at: datetime | None = None
    coming: dict[UUID, Meeting] = field(default_factory=dict)
    aside: set[date] = field(default_factory=set)

    def has_ended(self) -> bool:
        """Whether its end was decided, perhaps for a day to come."""
        return self.ended_on is not None

    def covers(self, day: date) -> bool:
        """Whether this mentor is with this child on that day, as far as is known."""
        if day < self.begins_on or (self.ended_on is not None and day >= self.ended_on):
            return False
        return not any(begin <= day and (end is None or day < end) for begin, end in self.pauses)
