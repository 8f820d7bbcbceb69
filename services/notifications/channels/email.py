"""E-mail over SMTP."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.channels import Letter, NotDelivered
from shared.contracts.words.telling import Channel

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def message(letter: Letter, sender: str, inbox_url: str | None = None) -> EmailMessage:
    """The mail, as text and HTML. Its Message-ID comes from the notification, so a second copy is known."""
    mail = EmailMessage(policy=SMTP)
    name, _, host = sender.rpartition("@")
    mail["Message-ID"] = f"<{letter.notification_id}@{letter.region}.{host}>"
    mail["Date"] = format_datetime(letter.written_at)
    mail["From"] = Address("Alongside", name, host)
    to_name, _, to_host = letter.to_email.rpartition("@")
    mail["To"] = Address(letter.to_name, to_name, to_host)
    mail["Subject"] = letter.subject_line
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Correlation-ID"] = letter.correlation_id
    if letter.urgent:
        mail["Importance"] = "high"
    shown = {"letter": letter, "inbox_url": inbox_url}
    mail.set_content(_templates.get_template("letter.txt").render(shown))
    mail.add_alternative(_templates.get_template("letter.html").render(shown), subtype="html")
    return mail


class MailServer(Protocol):
    """Where the mail goes and what it says about itself."""

    @property
    def smtp_url(self) -> str: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def inbox_url(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Email:
    """Hands each letter to the mail server at `smtp_url`: smtp:// (STARTTLS when offered) or smtps://."""

    server: MailServer
    timeout_seconds: float = 10
    channel: Channel = "email"

    async def deliver(self, letter: Letter) -> None:
        """Raises NotDelivered; permanent when the server refused this letter with a 5xx answer."""
        url = urlsplit(self.server.smtp_url)
        try:
            await aiosmtplib.send(
                message(letter, self.server.mail_from, self.server.inbox_url),
                hostname=url.hostname or "127.0.0.1",
                port=url.port,
                username=unquote(url.username) if url.username else None,
                password=unquote(url.password) if url.password else None,
                use_tls=url.scheme == "smtps",
                timeout=self.timeout_seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _answered(refused.recipients[0].code) from None  # its text would repeat the address
        except aiosmtplib.SMTPResponseException as answered:
            raise _answered(answered.code) from None
        except (aiosmtplib.SMTPException, OSError):
            raise NotDelivered("the mail server could not be reached") from None
        except ValueError:
            raise NotDelivered("the address cannot be written in a mail", permanent=True) from None


def _answered(code: int) -> NotDelivered:
    return NotDelivered(f"the mail server answered {code}", permanent=500 <= code < 600)
