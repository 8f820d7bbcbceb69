"""Which facts notifications listens to, and who in it listens."""

from typing import get_args

from services.notifications.channels.delivery import EMAIL, IN_APP
from services.notifications.domain.announcements import Announced
from services.notifications.policies import register_mentor, tell
from services.notifications.projections import inbox, people, recipients
from services.notifications.read_model.hearers import who_may_hear
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.assignments.support_request import SupportRequestReceived
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationFailed,
    NotificationQueued,
    NotificationRequested,
    NotificationSent,
)
from shared.contracts.notifications.recipient import RecipientDetailsChanged, RecipientRegistered
from shared.contracts.sessions.session import SessionScheduled
from shared.kernel.projection import Policy, Projection

PROJECTIONS = (
    Projection("recipients", (RecipientRegistered, RecipientDetailsChanged), ("recipients",), recipients),
    Projection(
        "people",
        (SupportRequestReceived, ChildAccepted, MentorEngaged, SessionScheduled),
        ("children", "mentors", "sessions"),
        people,
    ),
    Projection(
        "inbox",
        (
            NotificationRequested,
            NotificationQueued,
            NotificationSent,
            NotificationFailed,
            NotificationAcknowledged,
        ),
        ("notifications", "deliveries", "due"),
        inbox,
    ),
)

POLICIES = (
    Policy("tell", get_args(Announced), tell, who_may_hear),
    Policy("register_mentor", (MentorEngaged,), register_mentor),
)

EFFECTS = (IN_APP, EMAIL)
