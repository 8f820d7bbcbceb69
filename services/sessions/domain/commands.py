"""What can be asked of a session."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.sessions.domain.permission import Support
from shared.contracts.eligibility import Evidence
from shared.contracts.words.sessions import Activity, CancelledBy, CancelReason, Ratio


@dataclass(frozen=True, slots=True)
class Schedule:
    """Plan contact in [starts_at, ends_at). `support` and `evidence` are what is known, `at` is now."""

    session_id: UUID
    mentor_id: UUID
    child_id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    support: Support | None
    evidence: tuple[Evidence, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Start:
    """The mentor is with the child since `started_at`, which may lie a little back."""

    started_at: datetime
    support: Support | None
    evidence: tuple[Evidence, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Log:
    """Hand in what was done. `late_reason` is a coordinator's; the API lets nobody else give one."""

    activities: tuple[Activity, ...]
    contact_minutes: int
    ratio: Ratio
    incidental_help: bool
    notes: str
    support: Support | None
    at: datetime
    by: str
    late_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """It will not take place."""

    cancelled_by: CancelledBy
    reason: CancelReason
    chargeable: bool
    at: datetime


Command: TypeAlias = Schedule | Start | Log | Cancel
