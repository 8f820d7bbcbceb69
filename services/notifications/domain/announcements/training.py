"""What is said of training, certifications, vetting, and who may be with a child."""

from typing import TypeAlias

from services.notifications.domain.announcements.announcement import Announcement, plain
from shared.contracts.training.certification import CertificationExpired
from shared.contracts.training.standing import MentorStoodDown

TrainingFact: TypeAlias = CertificationExpired | MentorStoodDown


def said_of_training(fact: TrainingFact) -> Announcement:
    match fact:
        case CertificationExpired():
            return Announcement(
                "certification_expired",
                f"certification:{fact.mentor_id}:{fact.track}",
                plain(track=fact.track, expired_on=fact.expired_on),
                mentor_id=fact.mentor_id,
            )
        case MentorStoodDown():
            return Announcement(
                "deployability_lost",
                f"standing:{fact.mentor_id}",
                plain(stood_down_on=fact.stood_down_on, shortfalls=fact.reasons),
                mentor_id=fact.mentor_id,
            )
