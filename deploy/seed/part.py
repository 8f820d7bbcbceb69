"""One part of the agency: an area with its schools, mentors and children, told apart from every other part."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from deploy.seed.agency import Agency
from deploy.seed.chance import Chance
from deploy.seed.history import Cause, History, Life
from deploy.seed.people import Child, Meeting, Mentor, School
from deploy.seed.school_year import LONDON, moment
from deploy.seed.words import area
from shared.contracts.fact import Fact


class Count(NamedTuple):
    """What a pay period comes to: lines and minutes by kind; and how many sessions of it are not settled."""

    lines: dict[str, tuple[int, int]]
    unsettled: int


@dataclass
class Part:
    """The history of an area, and who is in it at the moment that is being told."""

    agency: Agency
    number: int
    history: History
    chance: Chance
    schools: list[School] = field(default_factory=list)
    mentors: list[Mentor] = field(default_factory=list)
    waiting: list[Child] = field(default_factory=list)
    children: dict[UUID | None, Child] = field(default_factory=dict)
    by_id: dict[UUID | None, Mentor] = field(default_factory=dict)
    lines: list[tuple[date, str, int]] = field(default_factory=list)
    counts: dict[date, Count] = field(default_factory=dict)
    unsettled: dict[UUID, date] = field(default_factory=dict)
    school_by_id: dict[UUID | None, School] = field(default_factory=dict)

    @classmethod
    def of(cls, agency: Agency, number: int) -> "Part":
        chance = Chance(agency.seed, agency.region, agency.scale.name, number)
        name = f"{agency.name}-{number}"
        return cls(
            agency, number, History(agency.region, name, chance, agency.begins_at, number, agency.key), chance
        )

    @property
    def area(self) -> str:
        """The local authority."""
        return area(self.number)

    @property
    def now(self) -> datetime:
        return self.history.now

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    def share(self, whole: int) -> int:
        """How many of so many in the whole agency are in this part."""
        parts = self.agency.scale.areas
        return whole // parts + (self.number < whole % parts)

    def begin(self, life: Life, at: datetime | None = None) -> None:
        self.history.begin(life, at)

    def record(
        self, stream: UUID, fact: Fact, actor: str, because: Cause | None = None, last: bool = False
    ) -> Cause:
        """Record a fact now; whoever has to hear of it is told."""
        from deploy.seed.hearing import hears_of, told

        cause = self.history.record(stream, fact, actor, because, last)
        if hears_of(fact):
            self.begin(told(self, fact, self.now, cause))
        return cause

    def book(self, day: date, kind: str, minutes: int) -> None:
        """A line of pay and bill, to be counted by the next pay period that closes."""
        self.lines.append((day, kind, minutes))

    def count(self, ends_on: date) -> None:
        """Count the lines that were not counted before, of days up to that one."""
        found: dict[str, tuple[int, int]] = {}
        left = []
        for day, kind, minutes in self.lines:
            if day <= ends_on:
                lines, sum_ = found.get(kind, (0, 0))
                found[kind] = (lines + 1, sum_ + minutes)
            else:
                left.append((day, kind, minutes))
        self.lines = left
        self.counts[ends_on] = Count(found, sum(day <= ends_on for day in self.unsettled.values()))

    def nobody_came(self, meeting: Meeting, cause: Cause) -> None:
        """Half an hour late: somebody else is looked for."""
        from deploy.seed.absences import session_missed

        self.begin(session_missed(self, meeting, cause))

    def match(self) -> None:
        """Whoever waits longest gets the first mentor who is free."""
        from deploy.seed.offering import offer_life

        free = [m for m in self.mentors if m.deployable and not (m.bound or m.floater or m.left)]
        waiting = [child for child in self.waiting if not child.exited]
        for child, mentor in zip(waiting, free, strict=False):
            self.waiting.remove(child)
            mentor.bound = True
            self.begin(offer_life(self, child, mentor))

    def new_id(self) -> UUID:
        return self.chance.id(self.now)

    def made_of(self, *names: object) -> UUID:
        """An id that follows from others."""
        return uuid5(self.agency.id("part", self.number), "/".join(map(str, names)))

    def working_hours(self, day: date) -> datetime:
        """Some moment of that day at which an office works."""
        return moment(day, 9 * 60) + self.chance.minutes(0, 7 * 60)

    def coordinator(self) -> str:
        return self.agency.actor("coordinator", self.number)
