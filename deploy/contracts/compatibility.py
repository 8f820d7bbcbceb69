"""Whether a changed schema still keeps the promise of the released one."""

from collections.abc import Iterator
from typing import Any

from shared.contracts.schema import Schema

# What explains a field, and what is compared by itself.
SILENT = ("title", "description", "examples", "default", "$defs", "x-concerns", "x-personal", "x-kept")


def breaks(released: Schema, now: Schema) -> list[str]:
    """Every way in which today's schema breaks the released one; empty when it only adds."""
    found = list(_objects(released, now, released, now, ""))
    if released.get("x-aggregate") != now.get("x-aggregate"):
        found.append(f"its aggregate changed from {released.get('x-aggregate')} to {now.get('x-aggregate')}")
    return found


def _objects(old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    had_to, has_to = set(old.get("required", ())), set(new.get("required", ()))
    for name, field in before.items():
        at = f"{path}{name}"
        if name not in after:
            yield f"field {at} was removed"
            continue
        if name in has_to - had_to:
            yield f"field {at} lost its default: facts recorded without it can't be read"
        elif name in had_to - has_to:
            yield f"field {at} was required and is not any more: its readers rely on it"
        elif (was := field.get("default")) != (now := after[name].get("default")):
            yield f"field {at} has another default ({was!r} became {now!r}): facts without it would change"
        yield from _markers(field, after[name], at)
        yield from _values(field, after[name], old_root, new_root, at)
    for name in after.keys() - before.keys():
        if name in has_to:
            yield f"new field {path}{name} has no default: facts recorded before it can't be read"


def _markers(old: Schema, new: Schema, at: str) -> Iterator[str]:
    if old.get("x-personal") != new.get("x-personal"):
        yield f"field {at}: whose personal data it is changed ({_said(old)} became {_said(new)})"
    elif old.get("x-kept") != new.get("x-kept"):
        yield f"field {at}: what it is kept for changed ({old.get('x-kept')} became {new.get('x-kept')})"
    was, now = old.get("x-concerns"), new.get("x-concerns", "nobody")
    if was and was != now:
        yield f"field {at}: whom it concerns changed ({was} became {now})"


def _said(field: Schema) -> str:
    return str(field.get("x-personal", "nobody's"))


def _values(old: Any, new: Any, old_root: Schema, new_root: Schema, at: str) -> Iterator[str]:
    """Differences in what a field may hold."""
    old, new = _resolved(_opened(old), old_root), _resolved(_opened(new), new_root)
    if _shape(old) != _shape(new):
        yield f"field {at} changed its type from {_named(old)} to {_named(new)}"
        return
    if gone := [value for value in _allowed(old) if value not in _allowed(new)]:
        yield f"field {at} no longer allows {', '.join(map(repr, gone))}"
    if more := [value for value in _allowed(new) if value not in _allowed(old)]:
        yield f"field {at} may now be {', '.join(map(repr, more))}: readers who know the whole list can't"
    if "properties" in old:
        yield from _objects(old, new, old_root, new_root, f"{at}.")
    for key in ("items", "additionalProperties"):
        if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
            yield from _values(old[key], new[key], old_root, new_root, f"{at}[]")
        elif old.get(key) != new.get(key):
            yield f"field {at} changed what it holds"
    for one, other in zip(old.get("anyOf", ()), new.get("anyOf", ()), strict=False):
        yield from _values(one, other, old_root, new_root, at)


def _opened(schema: Schema) -> Schema:
    """What a sealed field has inside; any other field as it is."""
    found: Schema = schema.get("contentSchema", schema)
    return found


def _resolved(schema: Schema, root: Schema) -> Schema:
    if "$ref" in schema:
        found: Schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    return schema


def _allowed(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def _shape(schema: Schema) -> dict[str, Any]:
    """A field's type without what explains it and without what `_values` compares by itself."""
    inner = ("enum", "const", "properties", "required", "items", "additionalProperties", "anyOf", "$ref")
    shape = {key: value for key, value in schema.items() if key not in SILENT and key not in inner}
    shape["closed list"] = bool(_allowed(schema))
    shape["alternatives"] = len(schema.get("anyOf", ()))
    return shape


def _named(schema: Schema) -> str:
    if "anyOf" in schema:
        return " or ".join(_named(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    kind = "closed list" if _allowed(schema) else str(schema.get("type", "anything"))
    detail = schema.get("format") or ", ".join(
        f"{key} {value}"
        for key, value in _shape(schema).items()
        if key not in ("type", "closed list", "alternatives")
    )
    return f"{kind} ({detail})" if detail else kind
