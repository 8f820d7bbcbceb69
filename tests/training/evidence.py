"""Mentors for the tests: with everything, or with one thing wrong."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.eligibility import CLEARANCES, TRACKS, Item
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.clearance import ClearanceRecorded
from shared.contracts.training.standing import MentorCleared
from shared.contracts.words.training import ClearanceKind, Track
from tests.support.people import MENTOR

FROM = date(2026, 1, 5)
UNTIL = date(2027, 1, 4)

Shown = CertificationGranted | ClearanceRecorded


def certification(track: Item) -> UUID:
    return uuid5(NAMESPACE_URL, f"certification:{track}")


def granted(track: Track, valid_until: date | None = UNTIL) -> CertificationGranted:
    return CertificationGranted(
        certification_id=certification(track),
        mentor_id=MENTOR,
        track=track,
        enrolment_id=uuid5(NAMESPACE_URL, f"enrolment:{track}"),
        kind="full",
        granted_on=FROM,
        valid_from=FROM,
        valid_until=valid_until,
        renews=None,
        window_opens_on=None,
        renew_by=None,
        reason=None,
    )


def recorded(kind: ClearanceKind, recheck_due_on: date | None = None) -> ClearanceRecorded:
    return ClearanceRecorded(
        mentor_id=MENTOR,
        kind=kind,
        recorded_on=FROM,
        issued_on=FROM - timedelta(days=30),
        last_status_check_on=None,
        recheck_due_on=recheck_due_on,
        reference="12345",
        seen_by="compliance:colm",
        seen_as="original",
    )


def everything(*but: Item) -> Iterator[Shown]:
    """The facts of a mentor who has shown all that is required, `but` these."""
    for kind in CLEARANCES:
        if kind not in but:
            yield recorded(kind)  # type: ignore[arg-type]  # CLEARANCES are the kinds
    for track in TRACKS:
        if track not in but:
            yield granted(track, None if track == "induction" else UNTIL)  # type: ignore[arg-type]


CLEARED = MentorCleared(mentor_id=MENTOR, cleared_on=FROM)
