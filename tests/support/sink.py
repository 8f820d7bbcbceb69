"""A real SMTP server that keeps what it is given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Sink:
    """What arrived, and what the server answers from now on (`answer`: a line such as `451 try later`).

    `greeting` is what it answers to any sender. `connections` were made so far.
    """

    url: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    answer: str | None = None
    greeting: str | None = None
    connections: int = 0
    _open: list[SMTP] = field(default_factory=list)

    def meet(self) -> SMTP:
        """Somebody calls."""
        self.connections += 1
        self._open.append(SMTP(self, enable_SMTPUTF8=True))
        return self._open[-1]

    async def hang_up(self) -> None:
        """End every connection from the server's side, and let the other side see it."""
        for server in self._open:
            if server.transport is not None:
                server.transport.close()
        self._open.clear()
        await asyncio.sleep(0.01)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.greeting:
            return self.greeting
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@asynccontextmanager
async def mail_sink(port: int = 0) -> AsyncIterator[Sink]:
    """A mail server on the loopback, on a free port unless one is named."""
    sink = Sink()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(sink.meet, "127.0.0.1", port)
    sink.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield sink
    finally:
        server.close()
        await sink.hang_up()  # else the server would wait for whoever keeps a connection open
        await server.wait_closed()
