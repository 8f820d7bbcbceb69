"""What differs between two schemas of a fact, in sentences for people: versions side by side, or then and now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.schema import Schema


@dataclass(frozen=True)
class Field:
    """One field of a schema, wherever it stands: `parts[].name` is inside a list."""

    holds: str
    allows: tuple[Any, ...]
    required: bool
    default: Any
    personal: str
    concerns: str
    meaning: str


def differences(before: Schema, after: Schema) -> list[str]:
    """Every difference in what a reader may find, and in what it means; empty when there is none."""
    old, new = dict(fields(before)), dict(fields(after))
    found = [f"{name} is gone" for name in old if name not in new]
    found += [f"{name} is new: {_told(field)}" for name, field in new.items() if name not in old]
    for name, field in new.items():
        if name in old:
            found += [f"{name} {said}" for said in _changes(old[name], field)]
    if before.get("x-aggregate") != after.get("x-aggregate"):
        found.append(f"decided by {after.get('x-aggregate')}, before by {before.get('x-aggregate')}")
    if _words(before) != _words(after):
        found.append(f"the fact now means: {_words(after)}")
    return found


def fields(schema: Schema) -> Iterator[tuple[str, Field]]:
    """Every field by its path, those inside others too."""
    yield from _fields(schema, schema, "")


def _fields(part: Schema, root: Schema, path: str) -> Iterator[tuple[str, Field]]:
    required = part.get("required", ())
    for name, field in part.get("properties", {}).items():
        opened = field.get("contentSchema", field)
        yield (
            f"{path}{name}",
            Field(
                holds(field, root),
                tuple(opened.get("enum", [opened["const"]] if "const" in opened else ())),
                name in required,
                field.get("default"),
                f"{field['x-personal']}, kept as {field.get('x-kept')}" if "x-personal" in field else "",
                field.get("x-concerns", ""),
                _words(field),
            ),
        )
        inner, step = (opened.get("items", {}), "[].") if "items" in opened else (opened, ".")
        for one in (_resolved(inner, root), *(_resolved(each, root) for each in inner.get("anyOf", ()))):
            yield from _fields(one, root, f"{path}{name}{step}")


def _changes(old: Field, new: Field) -> Iterator[str]:
    if old.holds != new.holds and not (old.allows and new.allows):
        yield f"holds {new.holds}, before {old.holds}"
    if more := [str(one) for one in new.allows if one not in old.allows and old.allows]:
        yield f"may also be {', '.join(more)}"
    if gone := [str(one) for one in old.allows if one not in new.allows and new.allows]:
        yield f"is {', '.join(gone)} no more"
    if old.required != new.required:
        yield "is always there now" if new.required else f"may be missing now, and is then {new.default!r}"
    elif old.default != new.default:
        yield f"is {new.default!r} where it is missing, before {old.default!r}"
    if old.personal != new.personal:
        yield f"is sealed, personal data of {new.personal}" if new.personal else "is personal no more"
    if old.concerns != new.concerns:
        yield f"concerns {new.concerns or 'nobody'}, before {old.concerns or 'nobody'}"
    if old.meaning != new.meaning:
        yield f"now means: {new.meaning}"


def _told(field: Field) -> str:
    there = "always there" if field.required else f"{field.default!r} where it is missing"
    sealed = f"; sealed, personal data of {field.personal}" if field.personal else ""
    return f"{field.holds}, {there}{sealed}; {field.meaning}"


def _words(part: Mapping[str, Any]) -> str:
    return " ".join(str(part.get("description", "")).split())


def _resolved(schema: Schema, root: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Schema = root.get("$defs", {}).get(schema["$ref"].rsplit("/", 1)[1], {})
    return found


def holds(field: Schema, root: Schema) -> str:
    """A field's type in a few words."""
    if "contentSchema" in field:
        return f"sealed: {holds(field['contentSchema'], root)}"
    if "$ref" in field:
        inner = _resolved(field, root).get("properties", {})
        name = field["$ref"].rsplit("/", 1)[1]
        return f"{name} ({', '.join(f'{key}: {holds(value, root)}' for key, value in inner.items())})"
    if "anyOf" in field:
        return " or ".join(holds(one, root) for one in field["anyOf"])
    if "enum" in field or "const" in field:
        return ", ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {holds(field.get('items', {}), root)}"
    return str(field.get("format") or field.get("type", "anything")).replace("null", "nothing")
