"""What is said of training, certifications and vetting."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from services.notifications.domain.announcements.announcement import Announcement, plain
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationExpiring,
    CertificationGranted,
    CertificationOverdue,
    CertificationRevoked,
    CertificationWindowOpened,
)
from shared.contracts.training.clearance import ClearanceExpiring, ClearanceLapsed, ClearanceWithdrawn
from shared.contracts.training.enrolment import TrainingAssigned, TrainingOverdue
from shared.contracts.words.telling import NotificationType

OfCertification: TypeAlias = (
    CertificationGranted
    | CertificationWindowOpened
    | CertificationExpiring
    | CertificationOverdue
    | CertificationExpired
    | CertificationRevoked
)
OfClearance: TypeAlias = ClearanceExpiring | ClearanceLapsed | ClearanceWithdrawn
OfEnrolment: TypeAlias = TrainingAssigned | TrainingOverdue
TrainingFact: TypeAlias = OfCertification | OfClearance | OfEnrolment


def said_of_training(fact: TrainingFact) -> Announcement:
    match fact:
        case TrainingAssigned():
            return _of_enrolment("training_assigned", fact)
        case TrainingOverdue():
            return _of_enrolment("training_overdue", fact)
        case ClearanceExpiring():
            values = plain(days_left=fact.days_left, recheck_due_on=fact.recheck_due_on)
            said = _of_clearance("clearance_expiring", fact, values, step=str(fact.days_left))
            return replace(said, useful_until=_end(fact.recheck_due_on))
        case ClearanceLapsed():
            return _of_clearance("clearance_lapsed", fact, plain(lapsed_on=fact.lapsed_on))
        case ClearanceWithdrawn():
            return _of_clearance("clearance_withdrawn", fact, plain(withdrawn_on=fact.withdrawn_on))
        case _:
            return _of_certification(fact)


def _of_certification(fact: OfCertification) -> Announcement:
    type: NotificationType
    step, until = "", None
    match fact:
        case CertificationGranted():
            type = "certified"
            values = plain(kind=fact.kind, valid_from=fact.valid_from, valid_until=fact.valid_until)
        case CertificationWindowOpened():
            type = "training_window_open"
            values = plain(opened_on=fact.opened_on, valid_until=fact.valid_until)
            until = _end(fact.valid_until)
        case CertificationExpiring():
            type, step = "certification_expiring", str(fact.days_left)
            values = plain(days_left=fact.days_left, valid_until=fact.valid_until)
            until = _end(fact.valid_until)
        case CertificationOverdue():
            type = "certification_overdue"
            values = plain(renew_by=fact.renew_by, valid_until=fact.valid_until)
            until = _end(fact.valid_until)
        case CertificationExpired():
            type, values = "certification_expired", plain(expired_on=fact.expired_on)
        case _:
            type, values = "certification_revoked", plain(revoked_on=fact.revoked_on)
    return Announcement(
        type,
        f"certification:{fact.mentor_id}:{fact.track}",
        {"track": fact.track, **values},
        step=step,
        said=str(fact.certification_id),
        useful_until=until,
        mentor_id=fact.mentor_id,
    )


def _of_clearance(
    type: NotificationType, fact: OfClearance, values: Mapping[str, str], *, step: str = ""
) -> Announcement:
    thread = f"clearance:{fact.mentor_id}:{fact.kind}"
    return Announcement(type, thread, {"clearance": fact.kind, **values}, step=step, mentor_id=fact.mentor_id)


def _of_enrolment(type: NotificationType, fact: OfEnrolment) -> Announcement:
    values = plain(track=fact.track, due_on=fact.due_on)
    return Announcement(type, f"enrolment:{fact.enrolment_id}", values, mentor_id=fact.mentor_id)


def _end(last_day: date) -> datetime:
    """The end of what a warning is about: from then on another fact says that it is over."""
    return datetime.combine(last_day, time(), UTC) + timedelta(days=1)
