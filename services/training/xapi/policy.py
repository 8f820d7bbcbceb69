"""Statements in, commands out: the same commands that a trainer sends, decided by the same rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import TypeAlias
from uuid import UUID, uuid5

from services.training.domain.certifications import RevokeCertification
from services.training.domain.compliance import certification_of, compliance, compliance_of
from services.training.domain.enrolment import enrolment
from services.training.domain.enrolment_commands import Complete, Fail, RecordCompletion
from services.training.xapi.meaning import meaning
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.learning import LearningStated, LearningVoided
from shared.contracts.words.training import Track
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded

_STATED = UUID("6f0d3b1e-58a4-5c1f-9b57-1d2a4c7e9f30")
WHY = "The learning record that it rested on was voided."


@dataclass(frozen=True, slots=True)
class Taking:
    """The mentor and the course of a statement: what is open since when, and when it was completed."""

    track: Track
    opened: tuple[tuple[UUID, date], ...] = ()
    completed: frozenset[date] = frozenset()


Voided: TypeAlias = tuple[UUID, ...]
"""The enrolments that a voided statement had completed."""


def evidence_of(statement_id: UUID) -> str:
    """How a completion names the statement that proves it."""
    return f"xapi:{statement_id}"


def learn(recorded: Recorded[LearningStated], taking: Taking | None) -> Iterator[Issue]:
    """Completed and passed complete the course; failed fails it. Nothing when it is no course, or voided by now."""
    fact = recorded.fact
    means = meaning(fact.verb, fact.success)
    if taking is None or means is None or fact.course_id is None:
        return
    day, today = fact.happened_at.astimezone(UTC).date(), recorded.recorded_at.date()
    opened = next((key for key, since in taking.opened if since <= day), None)
    if means == "failed":
        if opened is not None:
            yield Issue(enrolment, opened, Fail(day, on=today))
        return
    if day in taking.completed:
        return
    proof = evidence_of(fact.statement_id)
    if opened is not None:
        yield Issue(enrolment, opened, Complete(day, proof, on=today))
        return
    stream = uuid5(_STATED, str(fact.statement_id))
    command = RecordCompletion(
        enrolment_id=stream,
        mentor_id=fact.mentor_id,
        course_id=fact.course_id,
        track=taking.track,
        completed_on=day,
        evidence=proof,
        on=today,
    )
    yield Issue(enrolment, stream, command)


def unlearn(recorded: Recorded[LearningVoided], completed: Voided) -> Iterator[Issue]:
    """What a voided statement had completed certifies no more."""
    for enrolment_id in completed:
        command = RevokeCertification(certification_of(enrolment_id), WHY, on=recorded.recorded_at.date())
        yield Issue(compliance, compliance_of(recorded.fact.mentor_id), command)


def unlearn_late(recorded: Recorded[CertificationGranted], voided: bool) -> Iterator[Issue]:
    """The same when the statement was voided before its certification was granted."""
    if voided:
        granted = recorded.fact
        command = RevokeCertification(granted.certification_id, WHY, on=recorded.recorded_at.date())
        yield Issue(compliance, compliance_of(granted.mentor_id), command)
