"""Bugs of rules: who may have what, and who hears of what."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from tests.faults.seeded.putting import put_into


def take_no_claims() -> None:
    """Nothing makes assignments exclude each other. (Whether a mentor is ready is not asked here.)"""
    from services.assignments.domain import offer
    from services.assignments.domain.assignment import assignment

    object.__setattr__(assignment, "claims", lambda state: frozenset())
    put_into(offer, pass_mentor=lambda *_: None)


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
