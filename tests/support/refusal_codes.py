"""Which refusal codes a service can answer with: read from its source, also where a function passes them on."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TypeAlias

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

SAYS = {"Refused": (0, "code"), "Problem": (1, "code"), "Claim": (1, "code")}
"""What says a code: the place of the argument, and its name."""


@dataclass(frozen=True, slots=True)
class Source:
    """One module, with the function that each call stands in."""

    name: str
    calls: tuple[tuple[ast.Call, Definition | None], ...]


def sources(folder: Path) -> list[Source]:
    """Every module of a service."""
    return [source(path.read_text(), str(path)) for path in sorted(folder.rglob("*.py"))]


def source(text: str, name: str = "here") -> Source:
    return Source(name, tuple(_calls(ast.parse(text), None)))


def codes(found: Iterable[Source]) -> dict[str, str]:
    """Every code that can be said, with a place that says it. Raises ValueError for one that cannot be read."""
    kept = list(found)
    said: dict[str, str] = {}
    for one in kept:
        for call, within in one.calls:
            place = SAYS.get(_name(call))
            code = _argument(call, *place) if place else None
            if code is not None:
                where = f"{one.name}:{call.lineno}"
                said.update(dict.fromkeys(_values(code, within, kept, where), where))
    return said


def _values(code: ast.expr, within: Definition | None, kept: list[Source], where: str) -> set[str]:
    match code:
        case ast.Constant(value=str(value)):
            return {value}
        case ast.IfExp(body=yes, orelse=no):
            return _values(yes, within, kept, where) | _values(no, within, kept, where)
        case ast.JoinedStr(values=parts):
            known = [_values(part, within, kept, where) for part in parts]
            return {"".join(each) for each in product(*known)}
        case ast.FormattedValue(value=inner):
            return _values(inner, within, kept, where)
        case ast.Name(id=name) if within is not None and name in (names := _parameters(within)):
            passed = [
                (argument, caller, one.name)
                for one in kept
                for call, caller in one.calls
                if _name(call) == within.name and (argument := _argument(call, names.index(name), name))
            ]
            return {value for argument, caller, at in passed for value in _values(argument, caller, kept, at)}
        case _:
            raise ValueError(f"{where}: the code {ast.unparse(code)} cannot be read; write it out")


def _calls(node: ast.AST, within: Definition | None) -> Iterator[tuple[ast.Call, Definition | None]]:
    if isinstance(node, ast.Call):
        yield node, within
    inside = node if isinstance(node, Definition) else within
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, inside)


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    named = (word.value for word in call.keywords if word.arg == name)
    return call.args[place] if place < len(call.args) else next(named, None)


def _parameters(found: Definition) -> list[str]:
    return [one.arg for one in (*found.args.posonlyargs, *found.args.args, *found.args.kwonlyargs)]
