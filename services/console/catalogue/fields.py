"""A schema as a table: a row for each field, those of its parts below it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One field. `path` is its whole name, `depth` how far inside it stands; `values` a closed list's."""

    path: str
    depth: int
    holds: str
    values: tuple[str, ...]
    required: bool
    default: str
    meaning: str
    concerns: str
    personal: str
    kept: str

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]


def rows(schema: Schema, schemas: Mapping[str, Schema]) -> Sequence[Row]:
    """Every field of a schema whose references lead into `schemas`."""
    return tuple(_rows(schema, schemas, "", 0))


def _rows(part: Schema, schemas: Mapping[str, Schema], path: str, depth: int) -> Iterator[Row]:
    for name, field in part.get("properties", {}).items():
        inside = field.get("contentSchema", field)
        yield Row(
            f"{path}{name}",
            depth,
            _holds(inside, schemas),
            tuple(str(value) for value in _values(inside)),
            name in part.get("required", ()),
            _default(field),
            " ".join(str(field.get("description", "")).split()),
            field.get("x-concerns", ""),
            field.get("x-personal", ""),
            field.get("x-kept", ""),
        )
        item = inside.get("items", inside)
        for one in (item, *item.get("anyOf", ())):
            below = f"{path}{name}{'[]' if 'items' in inside else ''}."
            yield from _rows(_resolved(one, schemas), schemas, below, depth + 1) if "$ref" in one else ()


def _holds(field: Schema, schemas: Mapping[str, Schema]) -> str:
    if "$ref" in field:
        return "a part, below"
    if "anyOf" in field:
        return " or ".join(_holds(one, schemas) for one in field["anyOf"])
    if _values(field):
        return "one of"
    if field.get("type") == "array":
        return f"list of {_holds(field.get('items', {}), schemas).replace('a part', 'parts')}"
    return str(field.get("format") or field.get("type", "anything")).replace("null", "nothing")


def _values(field: Schema) -> Sequence[Any]:
    if "items" in field:
        return _values(field["items"])
    for one in field.get("anyOf", ()):
        if found := _values(one):
            return found
    found = field.get("enum", [field["const"]] if "const" in field else [])
    return list(found)


def _default(field: Schema) -> str:
    """What is read where the field is missing, in words."""
    if "default" not in field:
        return ""
    found = field["default"]
    if found is None:
        return "nothing"
    return "empty" if found in ("", [], {}) else str(found)


def _resolved(field: Schema, schemas: Mapping[str, Schema]) -> Schema:
    return schemas.get(str(field.get("$ref", "")).rpartition("/")[2], {})
