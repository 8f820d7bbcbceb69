"""An answer that can be checked: what it rests on, and a hash that is the same on every machine."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any


def canonical(answer: Mapping[str, Any]) -> bytes:
    """The one way to write this answer: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sealed(answer: Mapping[str, Any], ledger: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The answer with `result_sha256` over the rest of it, and beside both the witnessed tree it names.

    The tree is not in the hash: two machines with the same facts give the same answer, whatever proves it.
    """
    digest = sha256(canonical(answer)).hexdigest()
    return {**answer, "ledger": None if ledger is None else dict(ledger), "result_sha256": digest}


def known(at: datetime, verified: bool, fold: str, opens: Iterable[str] = ()) -> dict[str, Any]:
    """How every answer begins: as known when, inside a witnessed tree or not, by which reckoning, opening what."""
    moment = at.astimezone(UTC).isoformat()
    return {"known_at": moment, "verified": verified, "fold": fold, "opens": sorted(opens)}


def state_told(
    about: Mapping[str, Any],
    *,
    on: date,
    positions: Mapping[str, int],
    used: Mapping[str, int],
    unread: Mapping[str, int],
    erased: int,
    state: Mapping[str, Any],
    ledger: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """A state with what it rests on: of each service up to which position, and how many facts were used."""
    rests_on = {
        source: {"up_to": position, "facts": used.get(source, 0)}
        for source, position in sorted(positions.items())
    }
    told = {
        "on": on.isoformat(),
        "rests_on": rests_on,
        "unread": dict(sorted(unread.items())),
        "erased": erased,
    }
    return sealed({**about, **told, "state": state}, ledger)


MOST_TOLD = 20


def differences(was: Any, now: Any, at: str = "") -> list[dict[str, Any]]:
    """Where two answers differ, the first few places: by path, what was there and what is there."""
    if type(was) is type(now) is dict:
        names = sorted({*was, *now} - {"result_sha256"})
        found = [one for name in names for one in differences(was.get(name), now.get(name), f"{at}/{name}")]
    elif type(was) is type(now) is list and len(was) == len(now):
        pairs = enumerate(zip(was, now, strict=True))
        found = [one for n, (old, new) in pairs for one in differences(old, new, f"{at}/{n}")]
    else:
        found = [] if was == now else [{"at": at, "was": was, "is": now}]
    return found[:MOST_TOLD]
