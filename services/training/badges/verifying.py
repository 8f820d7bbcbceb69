"""Whether a credential is one of ours and counts, and how that is said to whoever asks."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from joserfc.errors import JoseError

from services.training.badges.achievements import achievement, issuer
from services.training.badges.credential import address, begins, ends, numeric, opened
from services.training.badges.keys import Signing

State = Literal["valid", "not_yet_valid", "expired", "revoked", "tampered", "not_ours", "unreadable"]
SAYS: Mapping[State, str] = {
    "valid": "This credential is valid.",
    "not_yet_valid": "This credential is genuine. It does not count yet.",
    "expired": "This credential is genuine. It has expired.",
    "revoked": "This credential was revoked. It does not count any more.",
    "tampered": "This credential was changed after it was signed. Do not rely on it.",
    "not_ours": "This agency did not issue this credential.",
    "unreadable": "This is not a credential: paste all of it, or its address.",
}
LONGEST = 20_000
Find = Callable[[UUID], Awaitable[Mapping[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`checked` says what was looked at: the signature and the record, or the record alone."""

    state: State
    checked: Literal["signature", "record", "nothing"] = "nothing"
    name: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None

    @property
    def says(self) -> str:
        return SAYS[self.state]


async def verify(said: str, signing: Signing, now: datetime, find: Find) -> Verdict:
    """Of a compact JWS, or of the address of a credential."""
    said = said.strip()
    certification_id = _named(said)
    if certification_id is not None:
        found = await find(certification_id)
        return _on_record(found, now, "record") if found else Verdict("not_ours", "record")
    if len(said) > LONGEST or said.count(".") != 2:
        return Verdict("unreadable")
    header, claims = (_part(part) for part in said.split(".")[:2])
    if header is None:
        return Verdict("unreadable")
    key = signing.keys.get(str(header.get("kid")))
    if key is None:
        # A payload that can't be read makes it nobody's credential; the key decides whose it is otherwise.
        return Verdict("unreadable" if claims is None else "not_ours")
    try:
        payload = opened(said, key)
    except (JoseError, ValueError):
        return Verdict("tampered", "signature")
    if "OpenBadgeCredential" not in payload.get("type", ()) or payload.get("iss") != issuer()["id"]:
        return Verdict("unreadable", "signature")
    certification_id = _named(str(payload.get("jti")))
    found = await find(certification_id) if certification_id else None
    if found is None or not _as_signed(payload, found):
        return Verdict("not_ours", "signature")
    return _on_record(found, now, "signature")


def _on_record(badge: Mapping[str, Any], now: datetime, checked: Literal["signature", "record"]) -> Verdict:
    since = begins(badge["valid_from"])
    until = ends(badge["valid_until"]) if badge["valid_until"] else None
    name = achievement(badge["track"], badge["kind"])["name"]
    state: State = "valid"
    if badge["revoked_on"] is not None:
        state = "revoked"
    elif until is not None and now.timestamp() > numeric(until):
        state = "expired"
    elif now.timestamp() < numeric(since):
        state = "not_yet_valid"
    return Verdict(state, checked, name, since, until)


def _as_signed(payload: Mapping[str, Any], badge: Mapping[str, Any]) -> bool:
    """Whether what we once signed is still what is on record, such as after a restore of another house's keys."""
    until = ends(badge["valid_until"]) if badge["valid_until"] else None
    signed = (payload.get("id"), payload.get("validFrom"), payload.get("validUntil"))
    return signed == (address(badge["certification_id"]), begins(badge["valid_from"]), until)


def _named(said: str) -> UUID | None:
    """The certification that an address names."""
    try:
        found = UUID(said.rsplit("/", 1)[-1])
    except ValueError:
        return None
    return found if said in (address(found), str(found)) else None


def _part(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
