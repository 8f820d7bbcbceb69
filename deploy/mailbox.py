"""A mail server for laptops: accepts every message, keeps it as an .eml file and sends nothing on."""

import argparse
import asyncio
import signal
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.ports import HOST


class Mailbox:
    """Saves each message with its envelope: who it was from and, one line each, to whom."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.numbers = folder, count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        head = "".join(f"X-Envelope-To: {to}\r\n" for to in envelope.rcpt_tos)
        content = envelope.original_content or b""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        name = f"{stamp}-{next(self.numbers):06d}"
        unfinished = self.folder / f".{name}.part"
        unfinished.write_bytes(f"X-Envelope-From: {envelope.mail_from}\r\n{head}".encode() + content)
        unfinished.rename(self.folder / f"{name}.eml")  # a reader never sees half a message
        return f"250 kept as {name}.eml"


async def serve(folder: Path, port: int) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for ask in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ask, stopped.set)
    mailbox = Mailbox(folder)
    server = await loop.create_server(
        lambda: SMTP(
            mailbox, hostname="alongside.localhost", enable_SMTPUTF8=True, data_size_limit=10_000_000
        ),
        HOST,
        port,
    )
    async with server:
        await stopped.wait()


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("port", type=int)
    chosen = words.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(chosen.folder, chosen.port))
