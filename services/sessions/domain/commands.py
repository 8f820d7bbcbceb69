"""What can be asked of a session while it is planned and takes place; times are in UTC, `at` is now."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.sessions.domain.log_commands import LogCommand
from services.sessions.domain.permission import Support
from shared.contracts.eligibility import Evidence
from shared.contracts.words.sessions import (
    CancelledBy,
    CancelReason,
    LogHours,
    OverdueMinutes,
    RescheduleReason,
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Plan contact in [starts_at, ends_at). `support` and `evidence` are what is known."""

    session_id: UUID
    mentor_id: UUID
    child_id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    support: Support | None
    evidence: tuple[Evidence, ...]
    at: datetime
    timetable_id: UUID | None = None
    cover: bool = False


@dataclass(frozen=True, slots=True)
class Reschedule:
    """It takes place at another time; what holds of planning holds again."""

    starts_at: datetime
    ends_at: datetime
    reason: RescheduleReason
    support: Support | None
    evidence: tuple[Evidence, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Cancel:
    """It will not take place. Who leaves `chargeable` open lets the notice that was given decide."""

    cancelled_by: CancelledBy
    reason: CancelReason
    at: datetime
    chargeable: bool | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """The mentor is with the child since `started_at`, which may lie a little back.

    `by_office`: a coordinator says so, who alone may after the session was found missed.
    """

    started_at: datetime
    support: Support | None
    evidence: tuple[Evidence, ...]
    at: datetime
    by_office: bool = False


@dataclass(frozen=True, slots=True)
class Finish:
    """Contact has ended, as somebody says."""

    finished_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class FindOverdue:
    """That many minutes after the planned begin: has anybody started it?"""

    minutes: OverdueMinutes
    at: datetime


@dataclass(frozen=True, slots=True)
class FindEnded:
    """The planned end has come: it was missed when nobody started it, else contact is over."""

    at: datetime


@dataclass(frozen=True, slots=True)
class FindLogOverdue:
    """That many hours after the log was wanted: was it handed in?"""

    wanted_since: datetime
    hours: LogHours
    at: datetime


Command: TypeAlias = (
    Schedule | Reschedule | Cancel | Start | Finish | FindOverdue | FindEnded | FindLogOverdue | LogCommand
)
