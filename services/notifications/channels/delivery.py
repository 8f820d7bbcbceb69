"""What is done when a notification was requested or falls due again: deliver it, and say how that went."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.channels import Delivers, NotDelivered
from services.notifications.channels.email import Email
from services.notifications.channels.in_app import InApp
from services.notifications.channels.letters import letter
from services.notifications.domain.notification import RecordFailure, RecordSent, notification
from services.notifications.read_model.hearers import Addressee, addressee, time_of_service
from shared.contracts.notifications.notification import NotificationQueued, NotificationRequested
from shared.contracts.words.telling import Channel
from shared.kernel.projection import Effect, Issue
from shared.kernel.recorded import Recorded


class MailSettings(BaseSettings):
    """How mail leaves: ALONGSIDE_SMTP_URL, ALONGSIDE_MAIL_FROM; and where the console is, for a link."""

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_", extra="ignore")

    smtp_url: str = "smtp://127.0.0.1:25"
    mail_from: str = "alongside@localhost"
    service_urls: Mapping[str, str] = {}

    @property
    def inbox_url(self) -> str | None:
        """Where a recipient reads more, when there is a console."""
        console = self.service_urls.get("console")
        return f"{console}/inbox" if console else None


@dataclass(frozen=True, slots=True)
class Found:
    """What the read model tells before a delivery, and what time it is for this service."""

    to: Addressee | None
    now: datetime


async def find(db: AsyncConnection, recorded: Recorded[NotificationRequested | NotificationQueued]) -> Found:
    return Found(await addressee(db, recorded), await time_of_service(db))


def delivery(channel: Channel, adapter: Callable[[], Delivers]) -> Effect:
    """The effect that hands everything for this channel to its adapter."""

    async def perform(recorded: Recorded[Any], found: Found) -> Iterable[Issue]:
        fact = recorded.fact
        if isinstance(fact, NotificationRequested):
            if channel not in fact.channels or channel in fact.held:
                return ()
            attempt = 1
        elif fact.channel == channel:
            attempt = fact.attempt
        else:
            return ()
        outcome = await _deliver(adapter(), recorded, found, attempt)
        return (Issue(notification, fact.notification_id, outcome),)

    return Effect(
        name=f"deliver_{channel}",
        listens=(NotificationRequested, NotificationQueued),
        perform=perform,
        look_up=find,
    )


async def _deliver(
    adapter: Delivers, recorded: Recorded[Any], found: Found, attempt: int
) -> RecordSent | RecordFailure:
    try:
        if found.to is None:
            raise NotDelivered("the recipient is not registered yet")
        await adapter.deliver(letter(recorded, found.to, found.now))
    except NotDelivered as failed:
        return RecordFailure(adapter.channel, attempt, failed.reason, failed.permanent, found.now)
    return RecordSent(adapter.channel, attempt, found.now)


def _mail() -> Email:
    """Read from the environment when a mail leaves, not when this is imported."""
    return Email(MailSettings())


IN_APP = delivery("in_app", InApp)
EMAIL = delivery("email", _mail)
