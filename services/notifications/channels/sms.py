"""Text messages: what one says, and the ways it can leave, chosen by ALONGSIDE_SMS."""

from collections.abc import Mapping
from typing import Literal

import structlog

from services.notifications.channels import Delivers, Letter, NotDelivered
from services.notifications.channels.languages import book
from services.notifications.channels.parts import parts
from services.notifications.channels.wording import DEFAULT_ZONE
from shared.contracts.words.telling import Channel

log = structlog.get_logger(__name__)


def short(letter: Letter) -> str:
    """The text: the subject line, which names nobody, and where to read more. A phone may lie on a table."""
    return book(letter.language, DEFAULT_ZONE).said("sms", subject=letter.subject_line)


class ConsoleSms:
    """Prints the text where the service's log goes, with how many messages it would take; no number, no name."""

    channel: Channel = "sms"

    async def deliver(self, letter: Letter) -> None:
        """Raises NotDelivered when there is no number to send it to."""
        if not letter.to_phone:
            raise NotDelivered("the recipient has no phone number", permanent=True)
        text = short(letter)
        found = parts(text)
        log.info(
            "text message",
            notification=str(letter.notification_id),
            text=text,
            encoding=found.encoding,
            places=found.places,
            parts=found.count,
        )


class NoSms:
    """Sends none: there is no contract with a provider."""

    channel: Channel = "sms"

    async def deliver(self, letter: Letter) -> None:
        raise NotDelivered("text messages are switched off", permanent=True)


Way = Literal["console", "off"]
WAYS: Mapping[Way, type[ConsoleSms] | type[NoSms]] = {"console": ConsoleSms, "off": NoSms}


def sms(way: Way) -> Delivers:
    """The adapter of this name. A provider's is one more class here and one more word of the setting."""
    return WAYS[way]()
