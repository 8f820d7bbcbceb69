"""Statements as they are answered: as they came, with what was added here; or only what stands in the open."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import Response

from services.training.agency import agency
from services.training.xapi.kept import Kept
from services.training.xapi.meaning import VOIDED
from shared.contracts.training.learning import LearningVoided
from shared.contracts.words.privacy import Unreadable
from shared.kernel.sight import sight

_NAMED_BY = ("objectType", "mbox", "mbox_sha1sum", "openid", "account", "id", "member")


def moment(at: datetime) -> str:
    """In UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def told(kept: Kept, form: str, version: str) -> dict[str, Any]:
    """The statement, whole for whoever may see what is kept of employment; `form` ids leaves descriptions out."""
    said = kept.fact.statement
    if said in tuple(Unreadable) or "employment" not in sight().opens:
        return {**_in_the_open(kept), **_added(kept, version)}
    sight().shown.add("employment")
    body = orjson.loads(said)
    found = {**_added(kept, version), **{name: body[name] for name in body if name != "authority"}}
    found |= {"id": str(kept.fact.statement_id), "stored": moment(kept.stored_at)}
    return _ids(found) if form == "ids" else found


def _added(kept: Kept, version: str) -> dict[str, Any]:
    return {
        "id": str(kept.fact.statement_id),
        "timestamp": moment(kept.fact.happened_at),
        "stored": moment(kept.stored_at),
        "authority": _account(kept.stated_by),
        # What came without a version is of the first of its kind (xAPI 1.0.3, 2.4.10).
        "version": f"{version[0]}.0.0",
    }


def _in_the_open(kept: Kept) -> dict[str, Any]:
    """A valid statement that names the mentor by id and says nothing that others wrote."""
    fact = kept.fact
    if isinstance(fact, LearningVoided):
        verb, about = VOIDED, {"objectType": "StatementRef", "id": str(fact.voided_statement_id)}
    elif fact.refers_to is not None:
        verb, about = fact.verb, {"objectType": "StatementRef", "id": str(fact.refers_to)}
    else:
        course = agency().course_iri(fact.course_id) if fact.course_id else fact.activity
        verb, about = fact.verb, {"objectType": "Activity", "id": course or "urn:alongside:somebody"}
    found: dict[str, Any] = {"actor": _account(str(fact.mentor_id)), "verb": {"id": verb}, "object": about}
    if not isinstance(fact, LearningVoided) and fact.success is not None:
        found["result"] = {"success": fact.success}
    return found


def _account(name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": agency().home, "name": name}}


def _ids(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Only what identifies agents, activities and verbs (format `ids`)."""
    found = dict(statement)
    found["verb"] = {"id": statement["verb"]["id"]}
    for name in ("actor", "object", "authority"):
        found[name] = _identified(statement[name])
    return found


def _identified(thing: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: thing[name] for name in _NAMED_BY if name in thing}
    if "member" in found:
        named = {"mbox", "mbox_sha1sum", "openid", "account"} & found.keys()
        members = found.pop("member")
        if not named:
            found["member"] = [_identified(one) for one in members]
    return found


def answer(found: Any, headers: Mapping[str, str]) -> Response:
    return Response(orjson.dumps(found), headers=dict(headers), media_type="application/json")
