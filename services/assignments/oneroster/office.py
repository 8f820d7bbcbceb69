"""What taking people over needs, and where it is noted what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from services.assignments.domain.roster import Roster, made_from
from services.assignments.oneroster.desk import Desk
from services.assignments.oneroster.report import Item, Kind
from services.assignments.oneroster.rosters import ReadRoster


@dataclass
class Office:
    """What taking people over needs."""

    desk: Desk
    read: ReadRoster
    known: Roster
    source: str
    named: frozenset[str]
    at: datetime
    items: list[Item] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.at.date()

    @cached_property
    def pupils(self) -> Mapping[UUID, str]:
        """The sourcedIds of children, as far as the roster in hand shows them."""
        return {made_from(self.source, "child", key): key for key in self.read.users}

    def apart(self) -> "Office":
        """The same, with notes of its own: many are taken over at once, and noted one after the other."""
        return replace(self, items=[])

    def tell(self, kind: Kind, sourced_id: str, detail: str, here: UUID | None = None) -> None:
        """A person has to decide."""
        self.items.append(
            Item(
                what="undecided",
                kind=kind,
                sourced_id=sourced_id,
                file="users.csv",
                line=self.line(sourced_id),
                id=here,
                detail=detail,
            )
        )

    def line(self, sourced_id: str) -> int:
        found = self.read.users.get(sourced_id)
        return found.line if found else 0
