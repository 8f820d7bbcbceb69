"""What training answers with about mentors: certifications, how they stand, and on what evidence."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel

from services.training.domain.standing import Status
from shared.contracts.eligibility import Item
from shared.contracts.words.training import CertificationKind, SuspensionReason, Track
from shared.kernel.sight import SeenAs

ItemState = Literal["valid", "missing", "lapsed", "withdrawn", "not_yet_valid", "suspended"]
PeriodState = Literal[
    "future", "certified", "window_open", "renewed", "overdue", "expired", "revoked", "temporary"
]


class CertificationView(BaseModel):
    """One certification period as it stands on a day; both days included; null is for good."""

    certification_id: UUID
    mentor_id: UUID
    track: Track
    kind: CertificationKind
    state: PeriodState
    granted_on: date
    valid_from: date
    valid_until: date | None
    days_left: int | None
    window_opens_on: date | None
    renew_by: date | None
    withdrawn_on: date | None


class CertificationPage(BaseModel):
    items: list[CertificationView]
    next: str | None


class ShortfallView(BaseModel):
    """A required item that is not there, or a suspension.

    `since`: first day without it, or the day it will count from.
    """

    item: Item
    status: Literal["missing", "lapsed", "withdrawn", "not_yet_valid", "suspended"]
    since: date | None
    detail: str


class Standing(BaseModel):
    """How a mentor stands, as last decided; `since` that day, for these reasons."""

    mentor_id: UUID
    name: Annotated[str | None, SeenAs("employment")]
    region: str | None
    state: Status
    since: date | None
    reasons: list[ShortfallView]
    engaged_on: date | None
    left_on: date | None


class MentorView(Standing):
    """A mentor; `suspended_on` while a suspension lasts."""

    suspended_on: date | None
    suspended_because: SuspensionReason | None


class MentorPage(BaseModel):
    items: list[MentorView]
    next: str | None


class ProofView(BaseModel):
    """One certification period (`proof` is its id) or document (`proof` is its date); both days included."""

    item: Item
    proof: str
    kind: str
    valid_from: date
    valid_until: date | None
    withdrawn_on: date | None
    withdrawn_because: Annotated[str | None, SeenAs("employment")]
    last_status_check_on: date | None
    enrolment_id: UUID | None
    window_opens_on: date | None
    renew_by: date | None
    seen_by: str | None
    reason: Annotated[str | None, SeenAs("employment")]


class ItemView(BaseModel):
    """One required item on that day; `valid_until` is the last day of what counts, null for good."""

    item: Item
    name: str
    state: ItemState
    since: date | None
    valid_until: date | None
    days_left: int | None
    proofs: list[ProofView]


class SuspensionView(BaseModel):
    """Both days included; `last_day` is null while it lasts."""

    suspended_on: date
    last_day: date | None


class ComplianceView(Standing):
    """Every required item of a mentor on a day, as known at a moment.

    `state` is what training had decided by then; `stands` is what the evidence itself says of that day.
    """

    on: date
    known_at: datetime | None
    stands: Status
    deployable: bool
    items: list[ItemView]
    shortfalls: list[ShortfallView]
    suspensions: list[SuspensionView]


class EntryView(BaseModel):
    """One record about a proof: what it was, when it was taken in and by whom, and who saw the document."""

    what: str
    recorded_at: datetime
    recorded_by: str
    seen_by: str | None
    position: int


class EvidencedProof(ProofView):
    """A proof that counted; `record` names what proves a completion or supports a waiver."""

    record: Annotated[str | None, SeenAs("employment")]
    entries: list[EntryView]


class EvidencedItem(BaseModel):
    item: Item
    name: str
    proofs: list[EvidencedProof]


class DecisionView(BaseModel):
    """The last decision on how the mentor stands, and when and by whom it came on record."""

    state: Status
    since: date
    recorded_at: datetime
    recorded_by: str
    position: int


class EvidenceView(BaseModel):
    """On what evidence a mentor may, or may not, be with a child on a day, as known at a moment."""

    mentor_id: UUID
    on: date
    known_at: datetime | None
    deployable: bool
    decision: DecisionView | None
    items: list[EvidencedItem]
    shortfalls: list[ShortfallView]
