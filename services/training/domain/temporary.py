"""A certification for a while, when a course cannot be had in time: short, explained, and never twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.training.domain.standing import Compliance
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.words.training import Track
from shared.kernel.decider import Refused

LONGEST = timedelta(days=90)
TRACKS: tuple[Track, ...] = ("slt", "ot", "bed")
"""Induction and the safeguarding update are never put off."""


@dataclass(frozen=True, slots=True)
class GrantTemporarily:
    """Certify a track from today, or from the end of what still counts, up to a last day."""

    certification_id: UUID
    mentor_id: UUID
    track: Track
    valid_until: date
    reason: str
    on: date


def grant_temporarily(state: Compliance, command: GrantTemporarily) -> Sequence[CertificationGranted]:
    """Refused when it is too long, unexplained, a second one, or not needed."""
    if command.certification_id in state.granted:
        return ()
    if command.track not in TRACKS:
        message = f"Nobody goes without {command.track} for a while; have it completed."
        raise Refused("invalid_track", message)
    if not command.reason.strip():
        raise Refused("invalid_reason", "Say why the certification is temporary.")
    held = [
        one
        for one in state.granted.values()
        if one.track == command.track and one.certification_id not in state.revoked
    ]
    start = _start(held, command.on)
    last = start + LONGEST - timedelta(days=1)
    if not start <= command.valid_until <= last:
        message = f"A temporary certification lasts {LONGEST.days} days at most; choose {start} to {last}."
        raise Refused("invalid_valid_until", message)
    if held and max(held, key=lambda one: one.granted_on).kind == "temporary":
        message = "One temporary certification follows no other; have the course completed."
        raise Refused("temporary_used", message)
    return (
        CertificationGranted(
            certification_id=command.certification_id,
            mentor_id=command.mentor_id,
            track=command.track,
            kind="temporary",
            enrolment_id=None,
            granted_on=command.on,
            valid_from=start,
            valid_until=command.valid_until,
            renews=None,
            window_opens_on=None,
            renew_by=None,
            reason=command.reason,
        ),
    )


def _start(held: Sequence[CertificationGranted], on: date) -> date:
    """The first day that is not certified yet. Refused when that is far off."""
    ends = [one.valid_until or date.max for one in held if one.valid_from <= on]
    last = max(ends, default=date.min)
    if last < on:
        return on
    if last > on + LONGEST:
        raise Refused("already_certified", "The track is certified; nothing has to be bridged.")
    return last + timedelta(days=1)
