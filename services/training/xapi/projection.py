"""Facts in, rows out: where each statement is kept, and what the policy made of it."""

from collections.abc import Iterator
from typing import TypeAlias
from uuid import UUID

from services.training.domain.compliance import certification_of
from services.training.xapi.meaning import VOIDED
from shared.contracts.training.enrolment import TrainingCompleted, TrainingFailed
from shared.contracts.training.learning import LearningStated, LearningVoided
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

Stated: TypeAlias = LearningStated | LearningVoided
Ended: TypeAlias = TrainingCompleted | TrainingFailed

LEARN = "learn"


def statements(recorded: Recorded[Stated]) -> Iterator[Row]:
    """Each statement by its id; and for a voided one, which took it back."""
    fact = recorded.fact
    found = {
        "position": recorded.position,
        "delivery_id": recorded.stream,
        "version": recorded.version,
        "fact_id": recorded.id,
        "mentor_id": fact.mentor_id,
        "registration": fact.registration,
        "stored_at": recorded.recorded_at,
    }
    match fact:
        case LearningStated():
            about = fact.model_dump(include={"verb", "activity", "course_id", "refers_to", "success"})
            yield Put("statements", {"statement_id": fact.statement_id}, {**found, **about})
        case LearningVoided(voided_statement_id=target):
            about = {"verb": VOIDED, "refers_to": target}
            yield Put("statements", {"statement_id": fact.statement_id}, {**found, **about})
            yield Put("statements", {"statement_id": target}, {"voided_by": fact.statement_id})


def learned(recorded: Recorded[Ended]) -> Iterator[Row]:
    """What the policy decided because of a statement; what people decided is not told here."""
    if recorded.actor != f"policy:{LEARN}":
        return
    enrolment_id = recorded.fact.enrolment_id
    done = isinstance(recorded.fact, TrainingCompleted)
    yield Put(
        "learned",
        {"enrolment_id": enrolment_id},
        {
            "fact_id": UUID(recorded.causation_id),
            "outcome": "completed" if done else "failed",
            "certification_id": certification_of(enrolment_id) if done else None,
        },
    )
