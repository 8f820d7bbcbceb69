"""Who sees which class of personal data, and for what: one table, and the mark that fields of answers carry."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from shared.contracts.fact import find_contract
from shared.contracts.words.privacy import RETENTION_CLASSES, RetentionClass, Unreadable
from shared.contracts.words.purposes import Purpose
from shared.kernel.problems import KNOWN, Problem

HEADER = "Alongside-Purpose"
KNOWN["purpose_not_allowed"] = (
    f"{HEADER} says why you look, from a closed list; your role may not look for this. The detail says for what it may."
)
KNOWN["withheld"] = "What you ask by may not be seen by your role for this purpose, so it is not answered."

SEALED = "sealed:"
"""How a personal field that nobody has opened begins."""

Classes = frozenset[RetentionClass]
NOTHING: Classes = frozenset()
PEOPLE: Classes = frozenset({"profile", "casework", "employment", "contact"})
NAMES: Classes = frozenset({"profile", "employment"})
STAFF: Classes = frozenset({"employment", "contact"})
EVERYTHING: Classes = frozenset(RETENTION_CLASSES)

SEES: Mapping[str, Mapping[Purpose, Classes]] = {
    # The first purpose of a role is what it looks for when it says nothing.
    "coordinator": {"care": PEOPLE},
    "manager": {"care": PEOPLE, "workforce": STAFF, "payroll": STAFF, "subject_access": PEOPLE},
    "mentor": {"care": PEOPLE},
    "trainer": {"workforce": frozenset({"employment"})},
    "compliance": {"workforce": STAFF, "subject_access": PEOPLE},
    "dsl": {"safeguarding": EVERYTHING, "subject_access": EVERYTHING},
    "auditor": {"audit": NOTHING, "investigation": PEOPLE},
    "integrator": {"operation": NOTHING, "payroll": frozenset({"employment"})},
    "operator": {"operation": NOTHING},
    "school": {"care": NAMES},
    "parent": {"care": NAMES},
}
"""Role -> purpose -> the classes it opens. Which children, mentors and inboxes are a caller's is the routes' to say."""


@dataclass(slots=True)
class Sight:
    """What one request may be shown, and, once it is answered, which classes it was shown.

    `claimed`: the purpose is not the usual one of the role. `secret` (32 bytes) closes the cursors of lists, which
    would tell by what they are sorted; without it they are open.
    """

    purpose: Purpose
    opens: Classes
    secret: bytes = b""
    claimed: bool = False
    shown: set[RetentionClass] = field(default_factory=set)

    def see(self, value: Any, keep: RetentionClass) -> Any:
        """The value, or `withheld`; what can't be read says itself why."""
        if keep not in self.opens:
            return Unreadable.WITHHELD.value
        if value is not None and value not in _UNREADABLE and not str(value).startswith(SEALED):
            self.shown.add(keep)
        return value


_UNREADABLE = tuple(Unreadable)
BLIND = Sight("audit", NOTHING)
_sight: ContextVar[Sight] = ContextVar("sight")


def look(role: str, purpose: str | None, secret: bytes = b"") -> Sight:
    """The sight of a caller; from now on what this task answers is shown by it. Raises Problem 403."""
    may = SEES[role]
    usual = next(iter(may))
    claimed = usual if purpose is None else purpose
    for name, opens in may.items():
        if name == claimed:
            found = Sight(name, opens, secret, name != usual)
            _sight.set(found)
            return found
    raise Problem(
        403, "purpose_not_allowed", f"{HEADER}: a {role} may look for {', '.join(may)}, not {claimed!r}"
    )


def sight() -> Sight:
    """The sight of the caller whose request this task answers; without one nothing may be seen."""
    return _sight.get(BLIND)


def see(value: Any, keep: RetentionClass) -> Any:
    """This value as the caller may see it: itself, or `withheld`."""
    return sight().see(value, keep)


def will_show(keep: RetentionClass) -> None:
    """Say before an answer begins that it shows this class: of answers that are sent piece by piece."""
    if keep in sight().opens:
        sight().shown.add(keep)


def covered(row: Mapping[str, Any], kept: Mapping[str, RetentionClass]) -> dict[str, Any]:
    """The row as the caller may see it: `kept` names the class of each of its personal fields."""
    return {name: see(value, kept[name]) if name in kept else value for name, value in row.items()}


def covered_fact(topic: str, data: Mapping[str, Any], by: Sight | None = None) -> dict[str, Any]:
    """A fact's data as the caller may see it, by the marks of its contract.

    What nobody opened is withheld, whatever the contract says, or when this program does not know it.
    """
    contract, by = find_contract(topic), by or sight()
    kept = contract.kept if contract else {}
    told = {name: by.see(value, kept[name]) if name in kept else value for name, value in data.items()}
    return {
        name: Unreadable.WITHHELD.value if isinstance(value, str) and value.startswith(SEALED) else value
        for name, value in told.items()
    }


def insist(keep: RetentionClass, what: str) -> None:
    """Only who may see this class may ask for, or by, this. Raises Problem 403."""
    if keep not in sight().opens:
        raise Problem(403, "withheld", f"{what}: withheld from you; {HEADER} may say why you ask")


@dataclass(frozen=True, slots=True)
class SeenAs:
    """Marks a field of an answer: `Annotated[str, SeenAs("profile")]` reads `withheld` where it may not be seen.

    A field that is no text takes, and says, `erased`, `withheld` and `unavailable` as well.
    """

    keep: RetentionClass

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        unreadable = core_schema.literal_schema([each.value for each in Unreadable])
        schema = core_schema.union_schema([handler(source), unreadable], mode="left_to_right")
        keep = self.keep

        def serialize(value: Any, inner: core_schema.SerializerFunctionWrapHandler) -> Any:
            seen = see(value, keep)
            return inner(seen) if seen is value else seen

        schema["serialization"] = core_schema.wrap_serializer_function_ser_schema(serialize)
        return schema
