"""Who can be told, and names and places that are shown beside a notification to whoever may read it."""

from collections.abc import Iterator
from typing import TypeAlias

from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.assignments.support_request import SupportRequestReceived
from shared.contracts.notifications.recipient import (
    PreferencesSet,
    RecipientDetailsChanged,
    RecipientRegistered,
    RecipientRemoved,
)
from shared.contracts.sessions.session import SessionRescheduled, SessionScheduled
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

PersonFact: TypeAlias = (
    SupportRequestReceived
    | ChildAccepted
    | MentorEngaged
    | MentorAssigned
    | AssignmentEnded
    | SessionScheduled
    | SessionRescheduled
)
RecipientFact: TypeAlias = RecipientRegistered | RecipientDetailsChanged | RecipientRemoved | PreferencesSet


def recipients(recorded: Recorded[RecipientFact]) -> Iterator[Row]:
    """Who can be told something, and how they want to be told."""
    fact = recorded.fact
    key = {"recipient_id": fact.recipient_id}
    match fact:
        case RecipientRegistered():
            anew = {"removed_at": None, "preferences": None}
            yield Put("recipients", key, {**fact.model_dump(exclude={"recipient_id"}), **anew})
        case RecipientDetailsChanged():
            yield Put("recipients", key, fact.model_dump(exclude={"recipient_id"}))
        case RecipientRemoved():
            yield Put("recipients", key, {"removed_at": fact.removed_at})
        case PreferencesSet():
            chosen = fact.model_dump(mode="json", exclude={"recipient_id", "language", "set_at"})
            yield Put("recipients", key, {"preferences": chosen, "language": fact.language})


def people(recorded: Recorded[PersonFact]) -> Iterator[Row]:
    """Names and places, kept here only to be shown; and who supports whom, to know who hears."""
    match recorded.fact:
        case SupportRequestReceived() as asked:
            name = {"name": asked.child_name, "school_id": asked.school_id}
            yield Put("children", {"child_id": asked.child_id}, name)
        case ChildAccepted() as child:
            name = {"name": child.name, "school_id": child.school_id}
            yield Put("children", {"child_id": child.child_id}, name)
        case MentorEngaged() as mentor:
            yield Put("mentors", {"mentor_id": mentor.mentor_id}, {"name": mentor.name})
        case MentorAssigned() as begun:
            link = {"child_id": begun.child_id, "mentor_id": begun.mentor_id, "school_id": begun.school_id}
            yield Put("supports", {"assignment_id": begun.assignment_id}, link)
        case AssignmentEnded() as ended:
            yield Drop("supports", {"assignment_id": ended.assignment_id})
        case SessionScheduled() | SessionRescheduled() as session:
            when = {"starts_at": session.starts_at, "time_zone": session.time_zone}
            yield Put("sessions", {"session_id": session.session_id}, when)
