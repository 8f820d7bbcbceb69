"""The mails that the sink was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mail:
    """Who it went to, and its Message-ID without the angle brackets."""

    file: str
    message_id: str
    to: Sequence[str]


def read_mails(folder: Path) -> list[Mail]:
    """Every .eml file of the folder; none when there is no such folder."""
    found = []
    for path in sorted(folder.glob("*.eml")) if folder.exists() else ():
        mail = BytesHeaderParser().parsebytes(path.read_bytes())
        to = [str(address) for address in mail.get_all("X-Envelope-To", [])]
        found.append(Mail(path.name, str(mail["Message-ID"]).strip().strip("<>"), to))
    return found
