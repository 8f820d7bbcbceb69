"""The way to the mail server: connections that stay open for a while, and what its refusals mean."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from time import monotonic
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

import aiosmtplib

from services.notifications.channels import NotDelivered

TIMEOUT_SECONDS = 10
IDLE_SECONDS = 5.0
"""An unused connection is closed after that long: mail servers dislike guests who say nothing."""
MOST_LETTERS = 100
"""A connection carries no more than that: many servers take no more."""


@dataclass
class _Line:
    """An open connection."""

    client: aiosmtplib.SMTP
    letters: int = 0
    idle_since: float = 0.0
    closing: asyncio.TimerHandle | None = None


@dataclass
class _Exchange:
    """The connections of one event loop to one mail server, `most` of them at a time."""

    url: str
    room: asyncio.Semaphore
    idle: list[_Line] = field(default_factory=list)

    @asynccontextmanager
    async def line(self) -> AsyncIterator[_Line]:
        """A connection that works; it is kept when the letter went well, or was refused politely."""
        async with self.room:
            line = await self._kept() or _Line(await self._connected())
            try:
                yield line
            except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused):
                self._keep(line)  # the library has taken the letter back
                raise
            except BaseException:
                line.client.close()
                raise
            self._keep(line)

    async def _kept(self) -> _Line | None:
        while self.idle:
            line = self.idle.pop()
            if line.closing:
                line.closing.cancel()
            if line.client.is_connected:
                try:
                    if monotonic() - line.idle_since > 1.0:
                        await line.client.rset()  # the server may have hung up meanwhile
                    return line
                except (aiosmtplib.SMTPException, OSError):
                    pass
            line.client.close()
        return None

    def _keep(self, line: _Line) -> None:
        line.letters += 1
        if line.letters >= MOST_LETTERS or not line.client.is_connected:
            line.client.close()
            return
        line.idle_since = monotonic()
        line.closing = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._hang_up, line)
        self.idle.append(line)

    def _hang_up(self, line: _Line) -> None:
        if line in self.idle:
            self.idle.remove(line)
            line.client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        url = urlsplit(self.url)
        client = aiosmtplib.SMTP(
            hostname=url.hostname or "127.0.0.1",
            port=url.port,
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=url.scheme == "smtps",
            timeout=TIMEOUT_SECONDS,
        )
        try:
            await client.connect()
        except aiosmtplib.SMTPResponseException as answered:
            # It refuses us and not the recipient: somebody will put that right, so the letter waits.
            raise NotDelivered(f"the mail server does not let us in: {_code(answered)}") from None
        return client


_exchanges: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Exchange]] = WeakKeyDictionary()


def _exchange(url: str, most: int) -> _Exchange:
    of_loop = _exchanges.setdefault(asyncio.get_running_loop(), {})
    return of_loop.setdefault(url, _Exchange(url, asyncio.Semaphore(most)))


async def post(url: str, most: int, sender: str, recipient: str, mail: EmailMessage) -> None:
    """Hand one mail over, on one of `most` connections. Raises NotDelivered."""
    try:
        async with _exchange(url, most).line() as line:
            await line.client.send_message(mail, sender=sender, recipients=[recipient])
    except aiosmtplib.SMTPRecipientsRefused as refused:
        raise _refused(refused.recipients[0]) from None  # its text would repeat the address
    except aiosmtplib.SMTPSenderRefused as refused:
        raise NotDelivered(f"the mail server does not take our mail: {_code(refused)}") from None
    except aiosmtplib.SMTPResponseException as refused:
        raise _refused(refused) from None
    except (aiosmtplib.SMTPException, OSError):
        raise NotDelivered("the mail server could not be reached") from None
    except ValueError:
        raise NotDelivered("the address cannot be written in a mail", permanent=True) from None


# Extended codes (RFC 3463) of a 5xx answer that do not speak against the recipient or the letter: the mailbox
# is full for now (2.2), the server or the way to it is at fault (3, 4), or a policy is against us (7).
_NOT_THEIRS = re.compile(r"5\.(2\.2|[347]\.\d+)\b")


def _refused(answer: aiosmtplib.SMTPResponseException) -> NotDelivered:
    """What an answer to the recipient or the letter means: whether the same again could go better."""
    for_good = 500 <= answer.code < 600 and not _NOT_THEIRS.search(answer.message)
    return NotDelivered(f"the mail server answered {_code(answer)}", permanent=for_good)


def _code(answer: aiosmtplib.SMTPResponseException) -> str:
    """Its numbers only, since its words may repeat an address."""
    extended = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", answer.message)
    return f"{answer.code} {extended[0]}" if extended else str(answer.code)
