"""An answer as it is given out: what was asked, as known when, what it rests on, and its hash."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.evidence import MOST_AT_ONCE, Evidence
from services.audit.read_model.eyes import BLIND, Eyes
from services.audit.read_model.kinds import KINDS, Asked
from services.audit.read_model.known import Extent
from services.audit.replay.answer import known, sealed, state_told


async def answer(
    db: AsyncConnection, kind: str, asked: Asked, found: Extent, eyes: Eyes = BLIND, most: int = MOST_AT_ONCE
) -> dict[str, Any]:
    """The answer as far as things were known: the same question about the same facts is the same answer.

    Raises Wrong, NothingKnown, TooMuch.
    """
    one = KINDS[kind]
    evidence = Evidence(db, found.known.at, found.positions, eyes, most)
    told = await one.ask(evidence, asked)
    about = known(found.known.at, found.verified, one.fold, eyes.opens)
    ledger = found.tree.told() if found.tree else None
    if one.shape == "state":
        return state_told(
            about,
            on=asked.day,
            positions=found.positions,
            used=evidence.used,
            unread=evidence.unread_types,
            erased=len(eyes.erased),
            state=told,
            ledger=ledger,
        )
    rests_on = {
        "positions": dict(sorted(found.positions.items())),
        "facts": evidence.facts,
        "unread": evidence.unread,
        "erased": len(eyes.erased),
    }
    if one.shape == "timeline":
        return sealed({**about, "asked": asked.told(), "rests_on": rests_on, "items": told}, ledger)
    return sealed({"question": one.question, **about, "rests_on": rests_on, "answer": told}, ledger)
