"""Bugs of rules: who may have what, and who hears of what."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from tests.faults.seeded.putting import put_into


def take_no_claims() -> None:
    """Nothing makes assignments exclude each other."""
    from services.assignments.domain.assignment import assignment

    object.__setattr__(assignment, "claims", lambda state: frozenset())
    _ask_nobody_for_evidence()


def cover_beside_the_primary() -> None:
    """Who covers comes, and the primary does too: neither leaves the day to the other."""
    from services.assignments.domain import standing_aside
    from services.assignments.domain.cover import cover

    _ask_nobody_for_evidence()
    object.__setattr__(cover, "claims", lambda state: frozenset())
    put_into(standing_aside, stand_aside=lambda *_: ())


def forget_the_handover() -> None:
    """The next primary need not wait for what the one before knows."""
    from services.assignments.domain import handover

    _ask_nobody_for_evidence()
    put_into(handover, owes_handover=lambda state: False)


def miscount_attempts() -> None:
    """What failed is on record as the attempt after the one that was made."""
    from services.notifications.domain.notification import notification
    from shared.contracts.notifications.notification import NotificationFailed

    decide = notification.decide

    def decide_and_miscount(state: Any, command: Any) -> list[Any]:
        return [
            fact.model_copy(update={"attempt": fact.attempt + 1})
            if isinstance(fact, NotificationFailed)
            else fact
            for fact in decide(state, command)
        ]

    object.__setattr__(notification, "decide", decide_and_miscount)


def send_mail_for_nothing() -> None:
    """Each letter is followed by one that nobody asked for."""
    from services.notifications.channels.email import Email

    deliver = Email.deliver

    async def deliver_and_more(self: Any, letter: Any) -> None:
        await deliver(self, letter)
        await deliver(self, replace(letter, notification_id=uuid4()))

    put_into(Email, deliver=deliver_and_more)


def serve_every_region() -> None:
    """A caller's region is not looked at."""
    from shared.kernel import auth

    identify = auth.identify
    put_into(auth, identify=lambda header: replace(identify(header), region="*"))


def _ask_nobody_for_evidence() -> None:
    """So that a mentor engaged a moment ago may be with a child, and training need not run."""
    from services.assignments.domain import cover_answers, offer, support
    from services.assignments.policies import standing_in

    put_into(offer, pass_mentor=lambda *_: None)
    put_into(support, pass_mentor=lambda *_: None)
    put_into(cover_answers, pass_cover=lambda *_: None)
    put_into(standing_in, pass_mentor=lambda *_: None)
