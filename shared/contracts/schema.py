"""The JSON Schema (2020-12) of a published fact: what is promised to readers outside this program."""

import json
from typing import Any, TypeAlias

from shared.contracts.fact import Contract

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(contract: Contract) -> Schema:
    """The schema of the fact's `data`: whom each field concerns, whose personal data it is, if few may know."""
    body = contract.model.model_json_schema(mode="validation")
    for name, kind in contract.concerns.items():
        body["properties"][name]["x-concerns"] = kind
    for name, owner in contract.personal.items():
        body["properties"][name]["x-personal"] = owner
    for part in (body, *body.get("$defs", {}).values()):
        for field in part.get("properties", {}).values():
            field.pop("title", None)
    head: Schema = {
        "$schema": DIALECT,
        "$id": contract.schema_id,
        "title": contract.topic,
        "x-aggregate": contract.aggregate,
    }
    if contract.restricted:
        head["x-restricted"] = True
    return {**head, **{name: value for name, value in body.items() if name not in head}}


def as_text(schema: Schema) -> str:
    """The schema as it is committed."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def without_meaning(contract: Contract) -> list[str]:
    """What lacks an explanation: `fact` itself (a docstring) or a field (a description)."""
    model = contract.model
    own = (vars(model).get("__doc__") or "").strip()
    fields = [name for name, field in model.model_fields.items() if not field.description]
    return [*([] if own else ["fact"]), *fields]
