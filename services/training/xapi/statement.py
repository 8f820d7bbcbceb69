"""A statement of xAPI 1.0.3 or 2.0, checked member by member as the standard describes it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.training.xapi.meaning import VOIDED
from services.training.xapi.shapes import (
    Check,
    Flaw,
    anything,
    boolean,
    duration,
    extensions,
    iri,
    languages,
    mailbox,
    many,
    matching,
    number,
    object_of,
    sha1,
    sha2,
    tag,
    text,
    timestamp,
    uuid,
    word,
)

IDENTIFIERS: Mapping[str, Check] = {
    "mbox": mailbox,
    "mbox_sha1sum": sha1,
    "openid": iri,
    "account": object_of({"homePage": iri, "name": text}, "homePage", "name"),
}
_VERSION = re.compile(r"(1\.0|2\.0)(\.\d+)?")
_PERSON = object_of({"objectType": word("Agent"), "name": text, **IDENTIFIERS})
_GROUP = object_of({"objectType": word("Group"), "name": text, "member": many(_PERSON), **IDENTIFIERS})


def agent(found: Any, path: str) -> Iterator[Flaw]:
    """Who: named in exactly one way."""
    yield from _PERSON(found, path)
    if isinstance(found, dict) and len(IDENTIFIERS.keys() & found.keys()) != 1:
        yield path, f"exactly one of {', '.join(IDENTIFIERS)}"


def actor(found: Any, path: str) -> Iterator[Flaw]:
    """An agent or a group; a group that is named in no way has its members."""
    if not isinstance(found, dict) or found.get("objectType", "Agent") != "Group":
        yield from agent(found, path)
        return
    yield from _GROUP(found, path)
    named = IDENTIFIERS.keys() & found.keys()
    if len(named) > 1 or (not named and not found.get("member")):
        yield path, f"one of {', '.join(IDENTIFIERS)}, or its members"
    for n, member in enumerate(found.get("member", ()) if isinstance(found.get("member"), list) else ()):
        yield from agent(member, f"{path}.member.{n}")


_parts = many(object_of({"id": text, "description": languages}, "id"))
_definition = object_of(
    {
        "name": languages,
        "description": languages,
        "type": iri,
        "moreInfo": iri,
        "extensions": extensions,
        "interactionType": text,
        "correctResponsesPattern": many(text),
        **dict.fromkeys(("choices", "scale", "source", "target", "steps"), _parts),
    }
)
activity = object_of({"objectType": word("Activity"), "id": iri, "definition": _definition}, "id")
reference = object_of({"objectType": word("StatementRef"), "id": uuid}, "objectType", "id")
_verb = object_of({"id": iri, "display": languages}, "id")


def _score(found: Any, path: str) -> Iterator[Flaw]:
    yield from object_of(dict.fromkeys(("scaled", "raw", "min", "max"), number))(found, path)
    if not isinstance(found, dict) or not all(isinstance(one, int | float) for one in found.values()):
        return
    if not -1 <= found.get("scaled", 0) <= 1:
        yield f"{path}.scaled", "between -1 and 1"
    low, high = found.get("min", float("-inf")), found.get("max", float("inf"))
    if low >= high or not low <= found.get("raw", max(low, min(high, 0))) <= high:
        yield path, "min below max, and raw between them"


_result = object_of(
    {
        "score": _score,
        "success": boolean,
        "completion": boolean,
        "response": text,
        "duration": duration,
        "extensions": extensions,
    }
)
_activities = object_of(dict.fromkeys(("parent", "grouping", "category", "other"), many(activity, one=True)))
_in_role = {"relevantTypes": many(iri)}
_context = object_of(
    {
        "registration": uuid,
        "instructor": actor,
        "team": actor,
        "contextActivities": _activities,
        "contextAgents": many(
            object_of({"objectType": text, "agent": agent, **_in_role}, "objectType", "agent")
        ),
        "contextGroups": many(
            object_of({"objectType": text, "group": actor, **_in_role}, "objectType", "group")
        ),
        "revision": text,
        "platform": text,
        "language": tag,
        "statement": reference,
        "extensions": extensions,
    }
)
_attachment = object_of(
    {
        "usageType": iri,
        "display": languages,
        "description": languages,
        "contentType": text,
        "length": number,
        "sha2": sha2,
        "fileUrl": iri,
    },
    "usageType", "display", "contentType", "length", "sha2", "fileUrl",
)  # fmt: skip


def about(found: Any, path: str) -> Iterator[Flaw]:
    """What a statement is about: by its objectType, an activity when it names none."""
    kind = found.get("objectType", "Activity") if isinstance(found, dict) else "Activity"
    match kind:
        case "Activity":
            yield from activity(found, path)
        case "Agent" | "Group":
            yield from actor(found, path)
        case "StatementRef":
            yield from reference(found, path)
        case "SubStatement" if path == "object":
            yield from _inner({**found, "objectType": "SubStatement"}, path)
        case _:
            yield f"{path}.objectType", "Activity, Agent, Group, StatementRef or SubStatement"


_common: Mapping[str, Check] = {
    "actor": actor,
    "verb": _verb,
    "object": about,
    "result": _result,
    "context": _context,
    "timestamp": timestamp,
    "attachments": many(_attachment),
}
_inner = object_of({"objectType": anything, **_common}, "actor", "verb", "object")
_outer = object_of(
    {
        "id": uuid,
        "stored": timestamp,
        "authority": actor,
        "version": matching(_VERSION, "1.0.x or 2.0.x"),
        **_common,
    },
    "actor", "verb", "object",
)  # fmt: skip


def flaws(found: Any) -> list[Flaw]:
    """Everything that is wrong with a statement; empty when it is one."""
    wrong = list(_outer(found, ""))
    if wrong:
        return wrong
    if found["verb"]["id"] == VOIDED and found["object"].get("objectType") != "StatementRef":
        wrong.append(("object", "a StatementRef: what is voided is a statement"))
    context, kind = found.get("context", {}), found["object"].get("objectType", "Activity")
    if kind != "Activity":
        wrong += [
            (f"context.{name}", "only about an activity")
            for name in ("revision", "platform")
            if name in context
        ]
    return wrong
