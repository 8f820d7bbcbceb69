"""The cells of the register (GIAS) that are read here: what each column holds, and what is wrong with one."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from shared.contracts.words.support import SchoolPhase, SchoolStatus

PHASES: Mapping[str, SchoolPhase] = {
    "0": "not_applicable",
    "1": "nursery",
    "2": "primary",
    "3": "middle_deemed_primary",
    "4": "secondary",
    "5": "middle_deemed_secondary",
    "6": "sixteen_plus",
    "7": "all_through",
}
STATUSES: Mapping[str, SchoolStatus] = {
    "1": "open",
    "2": "closed",
    "3": "open_proposed_to_close",
    "4": "proposed_to_open",
}
# How the register names the statuses; a row whose code and name disagree can't be trusted on either.
STATUS_NAMES: Mapping[str, str] = {
    "1": "Open",
    "2": "Closed",
    "3": "Open, but proposed to close",
    "4": "Proposed to open",
}
STATUS_NAME = "EstablishmentStatus (name)"
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


class Wrong(ValueError):
    """A cell that does not hold what its column is for."""


def _text(cell: str) -> str:
    if not cell:
        raise Wrong("is empty")
    return cell


def _optional(cell: str) -> str | None:
    return cell or None


def _urn(cell: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{5}", cell):
        raise Wrong("is no URN: six digits")
    return int(cell)


def _postcode(cell: str) -> str | None:
    if not cell:
        return None
    found = _POSTCODE.fullmatch(" ".join(cell.upper().split()))
    if found is None:
        raise Wrong("is no postcode, such as NG8 3AF")
    return f"{found[1]} {found[2]}"


def _day(cell: str) -> date | None:
    if not cell:
        return None
    found = _DAY.fullmatch(cell)
    try:
        if found is None:
            raise ValueError
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        raise Wrong("is no day, such as 29/05/1993") from None


def _age(cell: str) -> int | None:
    if not cell:
        return None
    if not re.fullmatch(r"[0-9]{1,2}", cell):
        raise Wrong("is no age in years")
    return int(cell)


def _code(known: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(cell: str) -> Any:
        if cell not in known:
            said = ", ".join(f"{code} {name}" for code, name in known.items())
            raise Wrong(f"is none of the codes {said}")
        return known[cell]

    return read


Reader: TypeAlias = Callable[[str], Any]
READERS: Mapping[str, tuple[str, Reader]] = {
    "URN": ("urn", _urn),
    "EstablishmentName": ("name", _text),
    "LA (name)": ("local_authority", _text),
    "Town": ("town", _optional),
    "Postcode": ("postcode", _postcode),
    "PhaseOfEducation (code)": ("phase", _code(PHASES)),
    "EstablishmentStatus (code)": ("status", _code(STATUSES)),
    "StatutoryLowAge": ("lowest_age", _age),
    "StatutoryHighAge": ("highest_age", _age),
    "OpenDate": ("opened_on", _day),
    "CloseDate": ("closed_on", _day),
}
