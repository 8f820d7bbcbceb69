"""Which mentors have left, and when they are told nothing any more."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import TypeAlias

from services.notifications.domain.recipient import AFTER_LEAVING, recipient_of_mentor
from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

LeaverFact: TypeAlias = MentorEngaged | MentorLeft


def leavers(recorded: Recorded[LeaverFact]) -> Iterator[Row]:
    """A row for whoever has left, and one of `due`, until they are engaged anew."""
    fact = recorded.fact
    who = {"mentor_id": fact.mentor_id}
    key = {"kind": "mentor_left", "key": str(fact.mentor_id)}
    if isinstance(fact, MentorEngaged):
        yield Drop("leavers", who)
        yield Drop("due", key)
        return
    yield Put("leavers", who, {"left_on": fact.left_on})
    at = datetime.combine(fact.left_on, time(), UTC) + AFTER_LEAVING
    payload = {"recipient_id": str(recipient_of_mentor(fact.mentor_id))}
    yield Put("due", key, {"due_at": at, "payload": payload})
