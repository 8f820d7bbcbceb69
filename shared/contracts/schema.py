"""The JSON Schema (2020-12) of a published fact: what is promised to readers outside this program."""

import json
from typing import Any, TypeAlias

from shared.contracts.fact import Contract
from shared.contracts.words.privacy import Unreadable

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
UNREADABLE = {"$ref": f"#/$defs/{Unreadable.__name__}"}


def schema_of(contract: Contract) -> Schema:
    """The schema of the fact's `data`: whom each field concerns, whose personal data it is, if few may know.

    A personal field is a sealed text there; `contentSchema` says what is inside.
    """
    body = contract.model.model_json_schema(mode="validation")
    for name, kind in contract.concerns.items():
        body["properties"][name]["x-concerns"] = kind
    for part in (body, *body.get("$defs", {}).values()):
        for field in part.get("properties", {}).values():
            field.pop("title", None)
    for name in contract.personal:
        body["properties"][name] = _sealed(contract, name, body["properties"][name])
    body.get("$defs", {}).pop(Unreadable.__name__, None)
    if not body.get("$defs"):
        body.pop("$defs", None)
    head: Schema = {
        "$schema": DIALECT,
        "$id": contract.schema_id,
        "title": contract.topic,
        "x-aggregate": contract.aggregate,
    }
    if contract.restricted:
        head["x-restricted"] = True
    return {**head, **{name: value for name, value in body.items() if name not in head}}


def _sealed(contract: Contract, name: str, field: Schema) -> Schema:
    """A personal field as it travels."""
    keep = contract.kept[name]
    inside = {key: value for key, value in field.items() if key not in ("description", "default")}
    if "anyOf" in inside:
        readable = [one for one in inside["anyOf"] if one != UNREADABLE]
        inside = readable[0] if len(readable) == 1 else {"anyOf": readable}
    said: Schema = {key: field[key] for key in ("default", "description") if key in field}
    return {
        **said,
        "type": "string",
        "pattern": f"^sealed:v1:{keep}:[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$",
        "contentMediaType": "application/json",
        "contentSchema": inside,
        "x-personal": contract.personal[name],
        "x-kept": keep,
    }


def as_text(schema: Schema) -> str:
    """The schema as it is committed."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def without_meaning(contract: Contract) -> list[str]:
    """What lacks an explanation: `fact` itself (a docstring) or a field (a description)."""
    model = contract.model
    own = (vars(model).get("__doc__") or "").strip()
    fields = [name for name, field in model.model_fields.items() if not field.description]
    return [*([] if own else ["fact"]), *fields]
