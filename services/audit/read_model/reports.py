"""Reports: written from the ledger as it was known then, and written again to see whether they still come out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.answers import answer
from services.audit.read_model.eyes import BLIND, Eyes
from services.audit.read_model.kinds import KINDS, Asked, parsed
from services.audit.read_model.known import Extent, Known, extent
from services.audit.read_model.ledger_tables import checkpoints
from services.audit.read_model.witnessed import Tree
from services.audit.replay.answer import canonical, differences
from services.audit.subscriptions import SOURCES
from shared.contracts.audit.report import ReportIssued

MOST_FACTS = 1_000_000
"""Facts of a whole region that are folded for a report while somebody waits."""


@dataclass(frozen=True, slots=True)
class Written:
    """A report's bytes; the same with nothing personal readable; and how far things were known."""

    body: bytes
    blind: bytes
    found: Extent

    @property
    def sha256(self) -> str:
        return sha256(self.body).hexdigest()


async def write(
    db: AsyncConnection, kind: str, asked: Asked, at: datetime, verified: bool, eyes: Eyes
) -> Written:
    """Write a report. Raises NotWitnessed, NothingKnown, TooMuch, Wrong, KeyringUnavailable."""
    return await _written(db, kind, asked, await extent(db, at, SOURCES, verified), eyes)


async def write_again(db: AsyncConnection, issued: ReportIssued, eyes: Eyes) -> Written:
    """The report from the ledger as it was known then. Raises as `write` does."""
    await db.execution_options(isolation_level="REPEATABLE READ")
    tree = None
    if issued.ledger_size is not None and issued.ledger_root and issued.witnessed_at:
        tree = Tree(issued.ledger_size, issued.ledger_root, issued.witnessed_at)
    found = Extent(Known(issued.known_at, issued.up_to), tree, issued.verified)
    asked = parsed(issued.kind, issued.asked, issued.known_at.date())
    return await _written(db, issued.kind, asked, found, eyes)


async def _written(db: AsyncConnection, kind: str, asked: Asked, found: Extent, eyes: Eyes) -> Written:
    about = {"kind": kind, "asked": asked.told()}
    body = canonical({**about, **await answer(db, kind, asked, found, eyes, most=MOST_FACTS)})
    if not eyes.opens:
        return Written(body, body, found)
    blind = canonical({**about, **await answer(db, kind, asked, found, BLIND, most=MOST_FACTS)})
    return Written(body, blind, found)


async def keep(db: AsyncConnection, report_id: UUID, blind: bytes) -> None:
    """Keep what was given out, with nothing personal readable in it."""
    asked = text("INSERT INTO reports (report_id, body) VALUES (:id, :body) ON CONFLICT DO NOTHING")
    await db.execute(asked, {"id": report_id, "body": blind})
    await db.commit()


async def drop(db: AsyncConnection, report_id: UUID) -> None:
    """Nothing was issued under this id after all."""
    await db.execute(text("DELETE FROM reports WHERE report_id = :id"), {"id": report_id})
    await db.commit()


async def kept(db: AsyncConnection, report_id: UUID) -> bytes | None:
    rows = await db.execute(text("SELECT body FROM reports WHERE report_id = :id"), {"id": report_id})
    found = rows.scalar_one_or_none()
    return bytes(found) if found is not None else None


async def judged(db: AsyncConnection, issued: ReportIssued, eyes: Eyes) -> tuple[dict[str, Any], bytes]:
    """Whether the report comes out as it was issued, byte for byte; if not, what differs and why; and the bytes now."""
    again = await write_again(db, issued, eyes)
    root = await _root(db, issued.ledger_size)
    before = await kept(db, issued.report_id)
    identical = again.sha256 == issued.sha256
    told: dict[str, Any] = {
        "report_id": str(issued.report_id),
        "identical": identical,
        "issued": {"sha256": issued.sha256, "length": issued.length, "fold": issued.fold},
        "rebuilt": {"sha256": again.sha256, "length": len(again.body), "fold": KINDS[issued.kind].fold},
        "same_root": None if issued.ledger_root is None else root == issued.ledger_root,
        "why": [],
        "differs": [],
    }
    if not identical:
        told["differs"] = _differs(before, again.blind)
        told["why"] = _why(told, len(eyes.erased), before is not None)
    return told, again.body


def _differs(before: bytes | None, now: bytes) -> list[dict[str, Any]]:
    if before is None:
        return []
    was: Mapping[str, Any] = orjson.loads(before)
    return differences(was, orjson.loads(now))


def _why(told: Mapping[str, Any], erased: int, has_kept: bool) -> list[str]:
    found = []
    was, now = told["issued"]["fold"], told["rebuilt"]["fold"]
    if was != now:
        found.append(f"fold: it was made by {was}, and this program reckons by {now}")
    if erased:
        found.append(f"erased: {erased} keys that it was read with have been destroyed since")
    if told["differs"] and was == now:
        found.append("facts: the ledger's facts give another answer; let `alongside audit verify` judge them")
    if not has_kept:
        found.append("kept: what was given out is not there any more to compare with, only its digest")
    return found or ["text: personal text in it reads otherwise than it did"]


async def _root(db: AsyncConnection, size: int | None) -> str | None:
    if size is None:
        return None
    found: str | None = await db.scalar(select(checkpoints.c.root).where(checkpoints.c.size == size))
    return found
