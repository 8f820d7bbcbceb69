"""What a mentor must be able to show before being with a child: the published language of the gate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

Item: TypeAlias = Literal[
    # clearances
    "identity",
    "dbs_enhanced",
    "barred_list",
    "right_to_work",
    "reference_1",
    "reference_2",
    "english_and_maths",
    "childcare_experience",
    # tracks
    "induction",
    "slt",
    "ot",
    "bed",
    "safeguarding",
    # what must not be there
    "suspension",
]

CLEARANCES: tuple[Item, ...] = (
    "identity",
    "dbs_enhanced",
    "barred_list",
    "right_to_work",
    "reference_1",
    "reference_2",
    "english_and_maths",
    "childcare_experience",
)
TRACKS: tuple[Item, ...] = ("induction", "slt", "ot", "bed", "safeguarding")
REQUIRED: tuple[Item, ...] = (*CLEARANCES, *TRACKS)

NAMES: dict[Item, str] = {
    "identity": "proof of identity",
    "dbs_enhanced": "enhanced DBS",
    "barred_list": "barred list check",
    "right_to_work": "right to work",
    "reference_1": "first reference",
    "reference_2": "second reference",
    "english_and_maths": "English and Maths",
    "childcare_experience": "experience with children",
    "induction": "induction",
    "slt": "SLT training",
    "ot": "OT training",
    "bed": "BED training",
    "safeguarding": "safeguarding update",
    "suspension": "suspension",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One proof of an item. Counts from `valid_from` to `valid_until`, both days included; None is for good.

    `withdrawn_on` is the first day on which it no longer counts because it was revoked. Proof of `suspension`
    speaks against the mentor: while it counts, the mentor may not be with a child.
    """

    item: Item
    valid_from: date
    valid_until: date | None = None
    withdrawn_on: date | None = None

    def counts(self, on: date) -> bool:
        """Whether it may be relied upon on that day."""
        return (
            self.valid_from <= on
            and (self.valid_until is None or on <= self.valid_until)
            and (self.withdrawn_on is None or on < self.withdrawn_on)
        )


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A required item that a mentor cannot show on a day, or a suspension.

    `since`: first day without it when lapsed or withdrawn; the day it will count from when not yet valid;
    the first day when suspended; None when it never was shown.
    """

    item: Item
    status: Literal["missing", "lapsed", "withdrawn", "not_yet_valid", "suspended"]
    since: date | None = None

    def __str__(self) -> str:
        name = NAMES[self.item]
        match self.status:
            case "missing":
                return f"{name} missing"
            case "lapsed":
                return f"{name} lapsed on {self.since}"
            case "withdrawn":
                return f"{name} withdrawn on {self.since}"
            case "not_yet_valid":
                return f"{name} not valid before {self.since}"
            case "suspended":
                return f"suspended since {self.since}"


def shortfalls(evidence: Iterable[Evidence], on: date) -> tuple[Shortfall, ...]:
    """A suspension, and every required item that this evidence does not prove on that day, in order of REQUIRED."""
    shown: dict[Item, list[Evidence]] = {}
    for proof in evidence:
        shown.setdefault(proof.item, []).append(proof)
    suspended = [proof.valid_from for proof in shown.get("suspension", []) if proof.counts(on)]
    return (
        *(Shortfall("suspension", "suspended", since) for since in sorted(suspended)[:1]),
        *(
            _shortfall(item, shown.get(item, []), on)
            for item in REQUIRED
            if not any(proof.counts(on) for proof in shown.get(item, []))
        ),
    )


def _shortfall(item: Item, shown: list[Evidence], on: date) -> Shortfall:
    """Why none of these counts: what ended last says most; what has yet to begin comes after that."""
    ended = [(_end(proof), proof) for proof in shown if proof.valid_from <= on]
    if ended:
        since, proof = max(ended, key=lambda pair: pair[0])
        return Shortfall(item, "withdrawn" if since == proof.withdrawn_on else "lapsed", since)
    coming = [proof.valid_from for proof in shown]
    return Shortfall(item, "not_yet_valid", min(coming)) if coming else Shortfall(item, "missing")


def _end(proof: Evidence) -> date:
    """The first day on which a proof that began no longer counts."""
    ends = [] if proof.withdrawn_on is None else [proof.withdrawn_on]
    if proof.valid_until is not None and proof.valid_until < date.max:
        ends.append(proof.valid_until + timedelta(days=1))
    return min(ends, default=date.max)
