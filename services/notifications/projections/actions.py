"""What was done about a mentor's training and vetting, so that it can be told how long after an alert."""

from collections.abc import Iterator
from typing import TypeAlias

from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.enrolment import TrainingAssigned, TrainingCompleted, TrainingStarted
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

ActionFact: TypeAlias = (
    TrainingAssigned
    | TrainingStarted
    | TrainingCompleted
    | CertificationGranted
    | CertificationRevoked
    | ClearanceRecorded
    | ClearanceWithdrawn
)


def actions(recorded: Recorded[ActionFact]) -> Iterator[Row]:
    """Each thing that somebody did, under the track or the clearance that it was done about.

    That a rule assigns the course when it may be renewed comes with the alert and is nobody's action.
    """
    fact = recorded.fact
    if isinstance(fact, TrainingAssigned) and recorded.actor.startswith("policy:"):
        return
    item = fact.kind if isinstance(fact, ClearanceRecorded | ClearanceWithdrawn) else fact.track
    done = {
        "mentor_id": fact.mentor_id,
        "item": item,
        "what": type(fact).__name__,
        "at": recorded.recorded_at,
    }
    yield Put("actions", {"fact_id": recorded.id}, done)
