"""Which facts notifications listens to, and who in it listens."""

from typing import get_args

from services.notifications.channels.delivery import EMAIL, IN_APP, SMS
from services.notifications.channels.mailbox import FORGET_LETTERS
from services.notifications.domain.announcements import ANNOUNCED
from services.notifications.domain.notification import NotificationFact
from services.notifications.policies.digests import gather, settle
from services.notifications.policies.recipients import register_mentor, remove_forgotten, stop
from services.notifications.policies.telling import tell
from services.notifications.projections.actions import ActionFact, actions
from services.notifications.projections.arrivals import ArrivalFact, arrivals
from services.notifications.projections.calendar import PlanFact, calendar, calendar_links
from services.notifications.projections.inbox import inbox
from services.notifications.projections.leavers import LeaverFact, leavers
from services.notifications.projections.people import PersonFact, RecipientFact, people, recipients
from services.notifications.projections.reminders import ReminderFact, reminders
from services.notifications.read_model.gathering import gathered, waiting
from services.notifications.read_model.hearers import who_may_hear
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.audit.erasure import KeysDestroyed
from shared.contracts.notifications.calendar import CalendarLinkIssued
from shared.contracts.notifications.escalation import DigestDue, DigestSent
from shared.contracts.notifications.recipient import RecipientRemoved
from shared.kernel.projection import NO_CLASS, Classes, Policy, Projection

NAMES: Classes = frozenset({"profile", "employment"})

PROJECTIONS = (
    Projection("recipients", get_args(RecipientFact), ("recipients",), recipients),
    Projection(
        "people", get_args(PersonFact), ("children", "mentors", "sessions", "supports"), people, opens=NAMES
    ),
    Projection("inbox", get_args(NotificationFact), ("notifications", "deliveries", "due"), inbox),
    Projection("reminders", get_args(ReminderFact), ("due",), reminders, opens=NO_CLASS),
    Projection("leavers", get_args(LeaverFact), ("leavers", "due"), leavers, opens=NO_CLASS),
    Projection("actions", get_args(ActionFact), ("actions",), actions, opens=NO_CLASS),
    Projection("arrivals", get_args(ArrivalFact), ("arrivals",), arrivals, opens=NO_CLASS),
    Projection("calendar", get_args(PlanFact), ("calendar",), calendar, opens=NO_CLASS),
    Projection("calendar_links", (CalendarLinkIssued,), ("calendar_links",), calendar_links),
)

POLICIES = (
    Policy("tell", ANNOUNCED, tell, who_may_hear, opens=NO_CLASS),
    Policy("register_mentor", (MentorEngaged,), register_mentor),
    Policy("remove_forgotten", (KeysDestroyed,), remove_forgotten),
    Policy("stop", (RecipientRemoved,), stop, waiting),
    Policy("gather_digest", (DigestDue,), gather, gathered),
    Policy("settle_digest", (DigestSent,), settle),
)

EFFECTS = (IN_APP, EMAIL, SMS, FORGET_LETTERS)
