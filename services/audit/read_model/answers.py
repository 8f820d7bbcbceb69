"""An answer as it is given out: what was asked, as known when, what it rests on, and its hash."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.evidence import Evidence
from services.audit.read_model.kinds import KINDS, Asked, Kind
from services.audit.read_model.known import Extent
from services.audit.replay.answer import sealed
from services.audit.replay.reading import Opener, unopened


async def answer(
    db: AsyncConnection, kind: str, asked: Asked, found: Extent, opener: Opener = unopened
) -> dict[str, Any]:
    """The answer as far as things were known: the same question about the same facts is the same answer.

    Raises Wrong, NothingKnown, TooMuch.
    """
    one = KINDS[kind]
    evidence = Evidence(db, found.known.at, found.positions, opener)
    told = await one.ask(evidence, asked)
    about = {"known_at": found.known.at.isoformat(), "verified": found.verified, "fold": one.fold}
    return sealed({**about, **_shaped(one, asked, evidence, told)}, found.tree.told() if found.tree else None)


def _shaped(kind: Kind, asked: Asked, evidence: Evidence, told: Any) -> dict[str, Any]:
    positions = dict(sorted((evidence.up_to or {}).items()))
    if kind.shape == "state":
        by_source = {
            source: {"up_to": position, "facts": evidence.used.get(source, 0)}
            for source, position in positions.items()
        }
        unread = dict(sorted(evidence.unread_types.items()))
        assert asked.on is not None
        on = asked.on.isoformat()
        return {"on": on, "rests_on": by_source, "unread": unread, "erased": evidence.erased, "state": told}
    rests_on = {
        "positions": positions,
        "facts": evidence.facts,
        "unread": evidence.unread,
        "erased": evidence.erased,
    }
    if kind.shape == "timeline":
        return {"asked": asked.told(), "rests_on": rests_on, "items": told}
    return {"question": kind.question, "rests_on": rests_on, "answer": told}
