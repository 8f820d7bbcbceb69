"""E-mail over SMTP."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.channels import Letter, NotDelivered
from services.notifications.channels.languages import book
from services.notifications.channels.post import post
from services.notifications.channels.wording import DEFAULT_ZONE
from shared.contracts.words.telling import Channel

RECIPIENT = "X-Alongside-Recipient"

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def message(letter: Letter, sender: str, inbox_url: str | None = None) -> EmailMessage:
    """The mail, as text and HTML. Its Message-ID comes from the notification, so a second copy is known.

    Raises ValueError for a name or an address that cannot be written in a header.
    """
    mail = EmailMessage(policy=SMTP)
    name, _, host = sender.rpartition("@")
    mail["Message-ID"] = f"<{letter.notification_id}@{letter.region}.{host}>"
    mail["Date"] = format_datetime(letter.written_at)
    # By which a mail sink finds what it kept for somebody who is to be forgotten.
    mail[RECIPIENT] = str(letter.recipient_id)
    mail["From"] = Address("Alongside", name, host)
    to_name, _, to_host = letter.to_email.rpartition("@")
    mail["To"] = Address(letter.to_name, to_name, to_host)
    mail["Subject"] = letter.subject_line
    # Nobody's holiday notice is to answer, and no answer is read.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if letter.items:
        mail["X-Correlation-ID"] = letter.correlation_id
    if letter.urgent:
        mail["Importance"] = "high"
    if letter.optional and inbox_url:
        # What must be read is not offered to be left out.
        mail["List-Unsubscribe"] = f"<{inbox_url}/{letter.recipient_id}/preferences>"
    found = book(letter.language, DEFAULT_ZONE)
    shown = {"letter": letter, "inbox_url": inbox_url, "said": found.said, "direction": found.direction}
    mail.set_content(_templates.get_template("letter.txt").render(shown))
    mail.add_alternative(_templates.get_template("letter.html").render(shown), subtype="html")
    mail["Content-Language"] = letter.language
    return mail


class MailServer(Protocol):
    """Where the mail goes and what it says about itself."""

    @property
    def smtp_url(self) -> str: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def mail_connections(self) -> int: ...
    @property
    def inbox_url(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Email:
    """Hands each letter to the mail server at `smtp_url`: smtp:// (STARTTLS when offered) or smtps://."""

    server: MailServer
    channel: Channel = "email"

    async def deliver(self, letter: Letter) -> None:
        """Raises NotDelivered; permanent when the server refuses this address or this letter for good."""
        try:
            mail = message(letter, self.server.mail_from, self.server.inbox_url)
        except ValueError:
            raise NotDelivered("the address cannot be written in a mail", permanent=True) from None
        await post(
            self.server.smtp_url, self.server.mail_connections, self.server.mail_from, letter.to_email, mail
        )
