"""What a mentor could show on a day, from what was on record: our own reckoning beside training's answer."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.eligibility import Evidence, shortfalls
from shared.contracts.fact import Fact
from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    SuspensionLifted,
)
from shared.contracts.words.training import ClearanceKind


@dataclass
class Mentor:
    """Everything on record about one mentor's evidence and standing."""

    certifications: dict[UUID, Evidence] = field(default_factory=dict)
    clearances: dict[tuple[ClearanceKind, date], Evidence] = field(default_factory=dict)
    suspensions: dict[date, Evidence] = field(default_factory=dict)
    standing: list[tuple[date, bool]] = field(default_factory=list)

    def take(self, fact: Fact) -> None:
        """Fold in a fact. The expiry of something is already told by its last valid day."""
        match fact:
            case CertificationGranted():
                self.certifications[fact.certification_id] = Evidence(
                    item=fact.track, valid_from=fact.valid_from, valid_until=fact.valid_until
                )
            case CertificationRevoked() if fact.certification_id in self.certifications:
                granted = self.certifications[fact.certification_id]
                self.certifications[fact.certification_id] = Evidence(
                    granted.item, granted.valid_from, granted.valid_until, withdrawn_on=fact.revoked_on
                )
            case ClearanceRecorded():
                self.clearances[fact.kind, fact.issued_on] = Evidence(
                    item=fact.kind, valid_from=fact.issued_on, valid_until=fact.recheck_due_on
                )
            case ClearanceWithdrawn() if (fact.kind, fact.issued_on) in self.clearances:
                held = self.clearances[fact.kind, fact.issued_on]
                self.clearances[fact.kind, fact.issued_on] = replace(held, withdrawn_on=fact.withdrawn_on)
            case MentorSuspended(suspended_on=day):
                self.suspensions[day] = Evidence("suspension", day)
            case SuspensionLifted(suspended_on=day, lifted_on=lifted):
                self.suspensions[day] = Evidence("suspension", day, lifted - timedelta(days=1))
            case MentorCleared():
                self.standing.append((fact.cleared_on, True))
            case MentorStoodDown():
                self.standing.append((fact.stood_down_on, False))
            case _:
                pass

    def on(self, day: date) -> dict[str, Any]:
        """Deployable on that day or not: as training had decided, and as the evidence itself says."""
        shown = (*self.certifications.values(), *self.clearances.values(), *self.suspensions.values())
        lacking = shortfalls(shown, day)
        decided = [cleared for since, cleared in self.standing if since <= day]
        return {
            "cleared_by_training": decided[-1] if decided else None,
            "in_date": not lacking,
            "lacking": [
                {"item": found.item, "status": found.status, "since": _text(found.since)} for found in lacking
            ],
        }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
