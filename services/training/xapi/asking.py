"""What a list of statements is asked with: the parameters of the standard, read strictly."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import orjson

from services.training.agency import agency
from services.training.xapi.agents import Who, mentors_behind, who
from services.training.xapi.kept import Asked
from services.training.xapi.meaning import digest, verb_name
from services.training.xapi.shapes import Check, Flaw, iri, read_time, uuid
from services.training.xapi.statement import actor
from services.training.xapi.versions import wrong
from shared.kernel.call import Lookup

MOST = 200
SINGLE = frozenset({"statementId", "voidedStatementId", "format", "attachments", "after"})
LIST = frozenset(
    {
        "agent", "verb", "activity", "registration", "since", "until", "limit", "format", "attachments",
        "ascending", "cursor", "after",
    }
)  # fmt: skip
T = TypeVar("T")


def checked_id(name: str, value: str) -> UUID:
    """Raises Problem 400."""
    _check(uuid, name, value)
    return UUID(value)


def checked_form(params: Mapping[str, str]) -> str:
    """exact or ids. Raises Problem 400."""
    form = params.get("format", "exact")
    if form not in ("exact", "ids"):
        raise wrong("format", "exact or ids; there is no canonical form here")
    if params.get("attachments", "false") != "false":
        raise wrong("attachments", "false: attachments are not kept, only where they are")
    return form


async def asked_of(reads: Lookup, params: Mapping[str, str]) -> Asked | None:
    """What is asked for; None when it is about nobody who is known. Raises Problem 400."""
    mentor_id = None
    if "agent" in params:
        mentor_id = await _mentor(reads, params["agent"])
        if mentor_id is None:
            return None
        reads.shows(mentor_id=mentor_id)
    return Asked(
        mentor_id=mentor_id,
        verb=verb_name(_iri("verb", params)) if "verb" in params else None,
        activity=digest(_iri("activity", params)) if "activity" in params else None,
        registration=checked_id("registration", params["registration"]) if "registration" in params else None,
        since=_time("since", params),
        until=_time("until", params),
        ascending=_flag("ascending", params),
        after=_place(params.get("cursor")),
        limit=_limit(params.get("limit", "0")),
    )


def more(path: str, params: Mapping[str, str], position: int) -> str:
    """Where the list goes on: relative to the host, with everything that was asked."""
    cursor = base64.urlsafe_b64encode(str(position).encode()).decode()
    return f"{path}?{urlencode({**params, 'cursor': cursor})}"


async def _mentor(reads: Lookup, said: str) -> UUID | None:
    try:
        found = orjson.loads(said)
    except orjson.JSONDecodeError:
        raise wrong("agent", "an agent or identified group, as JSON") from None
    _check(actor, "agent", found)
    named: Who | None = who(found, agency().home)
    return (await reads(mentors_behind, [named])).get(named) if named else None


def _check(check: Check, name: str, value: Any) -> None:
    flaw: Flaw | None = next(iter(check(value, name)), None)
    if flaw is not None:
        raise wrong(*flaw)


def _iri(name: str, params: Mapping[str, str]) -> str:
    _check(iri, name, params[name])
    return params[name]


def _time(name: str, params: Mapping[str, str]) -> datetime | None:
    if name not in params:
        return None
    # A plus sign that was not encoded reaches us as a blank.
    found = read_time(params[name].replace(" ", "+"))
    if found is None:
        raise wrong(name, "an ISO 8601 time")
    return found


def _flag(name: str, params: Mapping[str, str]) -> bool:
    value = params.get(name, "false")
    if value not in ("true", "false"):
        raise wrong(name, "true or false")
    return value == "true"


def _limit(value: str) -> int:
    if not value.isdecimal() or not value.isascii() or len(value) > 9:
        raise wrong("limit", "0 for as many as there may be, or a number")
    return min(int(value) or MOST, MOST)


def _place(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    try:
        return int(base64.urlsafe_b64decode(cursor))
    except (binascii.Error, ValueError):
        raise wrong("cursor", "follow `more` unchanged") from None
