"""Letters to somebody who is forgotten: gone from the mail sink of development. Nobody reaches a real mailbox."""

import asyncio
from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import UUID

from services.notifications.channels.email import RECIPIENT
from services.notifications.channels.settings import ChannelSettings
from shared.contracts.audit.erasure import KeysDestroyed
from shared.kernel.projection import Effect, Issue
from shared.kernel.recorded import Recorded


def forget(folder: Path, recipients: Collection[UUID]) -> int:
    """Remove what was kept of the letters to these; how many there were. Other people in letters are initials."""
    marks = {f"{RECIPIENT}: {recipient}".lower().encode() for recipient in recipients}
    found = [path for path in folder.glob("*.eml") if marks.intersection(_head(path))]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _head(path: Path) -> Iterable[bytes]:
    try:
        return path.read_bytes().partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    except FileNotFoundError:  # somebody tidies up
        return ()


async def _perform(recorded: Recorded[KeysDestroyed], _: None) -> Iterable[Issue]:
    fact, folder = recorded.fact, ChannelSettings().mailbox
    if folder is not None and "contact" in fact.classes:
        people = {each for each in (fact.recipient_id, *fact.recipient_ids) if each}
        await asyncio.to_thread(forget, folder, people)
    return ()


FORGET_LETTERS = Effect("forget_letters", (KeysDestroyed,), _perform)
