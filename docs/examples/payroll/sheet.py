"""What each fact pays, and in which period: a pure function of the facts kept, in whatever order they came."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

SCHOOL_TIME = ZoneInfo("Europe/London")
"""All our schools are there. Elsewhere: listen to SessionScheduled too, which says the time zone."""

KEPT: dict[str, tuple[str, ...]] = {
    "SessionApproved": ("session_id", "mentor_id", "starts_at", "contact_minutes"),
    "SessionReturned": ("session_id", "mentor_id"),
    "SessionCancelled": ("session_id", "mentor_id", "starts_at", "planned_minutes", "chargeable"),
    "SessionAmended": ("session_id", "mentor_id", "starts_at", "contact_minutes_before", "contact_minutes"),
    "SessionVoided": ("session_id", "mentor_id", "starts_at"),
    "PayPeriodOpened": ("period_id", "ends_on"),
    "PayPeriodClosed": ("period_id", "ends_on", "counted_to", "totals"),
}
"""What pay needs of each fact. Reasons and notes are personal, and arrive sealed: they are not kept at all."""

SEALED = {"SessionReturned", "SessionAmended", "SessionVoided"}
PRIVACY = {name: "sealed" if name in SEALED else "open" for name in KEPT}
"""The third word of a fact's subject, as the catalogue says it."""


class Fact(NamedTuple):
    """`position` is the fact's place in the stream of the sessions service: dense, and never given twice."""

    position: int
    name: str
    said: dict[str, Any]


class Line(NamedTuple):
    line_id: str
    kind: str
    day: str
    minutes: int
    session_id: str
    mentor_id: str
    position: int
    pair: int | None = None
    """The line that takes this one back, or that this one takes back: a return undoes an approval."""


COLUMNS = Line._fields[:6]


def lines(facts: Iterable[Fact]) -> list[Line]:
    """Every line that the facts give, in order. What is not there yet gives no line yet."""
    order = sorted(facts, key=lambda fact: (fact.said.get("session_id", ""), fact.position))
    found: list[Line] = []
    for session, of_session in groupby(order, key=lambda fact: fact.said.get("session_id", "")):
        if session:
            found += _of_session(list(of_session))
    return sorted(found, key=lambda line: (line.day, line.session_id, line.position, line.kind))


def _of_session(facts: list[Fact]) -> Iterator[Line]:
    day = next((_day(fact) for fact in facts if "starts_at" in fact.said), "")
    approved: Fact | None = None
    counted = 0
    pairs = dict(_returned_approvals(facts))

    def line(fact: Fact, kind: str, minutes: int) -> Line:
        said = fact.said
        name = f"{said['session_id']}/{fact.position}/{kind}"
        mentor, pair = said["mentor_id"], pairs.get(fact.position)
        return Line(name, kind, day, minutes, said["session_id"], mentor, fact.position, pair)

    for fact in facts:
        said = fact.said
        match fact.name:
            case "SessionApproved":
                approved, counted = fact, said["contact_minutes"]
                yield line(fact, "contact", counted)
            case "SessionReturned" if approved:
                yield line(fact, "reversal", -counted)
                approved, counted = None, 0
            case "SessionCancelled" if said["chargeable"]:
                yield line(fact, "chargeable_cancellation", said["planned_minutes"])
            case "SessionAmended":
                if said["contact_minutes_before"]:
                    yield line(fact, "reversal", -said["contact_minutes_before"])
                approved, counted = fact, said["contact_minutes"]
                yield line(fact, "amended_contact", counted)
            case "SessionVoided" if approved:
                yield line(fact, "reversal", -counted)
                approved, counted = None, 0


def _returned_approvals(facts: list[Fact]) -> Iterator[tuple[int, int]]:
    approved = None
    for fact in facts:
        if fact.name == "SessionApproved":
            approved = fact.position
        elif fact.name == "SessionReturned" and approved:
            yield approved, fact.position
            yield fact.position, approved
            approved = None


def _day(fact: Fact) -> str:
    return datetime.fromisoformat(fact.said["starts_at"]).astimezone(SCHOOL_TIME).date().isoformat()


def by_period(facts: Iterable[Fact]) -> dict[str, list[Line]]:
    """The lines of each period, by its last day. A line belongs to the first period that has its day or a later
    one and was still open when the line was booked; a return within the period of its approval leaves no line."""
    kept = list(facts)
    ends = sorted({fact.said["ends_on"] for fact in kept if fact.name.startswith("PayPeriod")})
    until = {fact.said["ends_on"]: fact.said["counted_to"] for fact in kept if fact.name == "PayPeriodClosed"}

    def period(day: str, position: int) -> str | None:
        return next((end for end in ends if day <= end and position <= until.get(end, position)), None)

    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines(kept):
        its = period(line.day, line.position)
        if its and not (line.pair and period(line.day, line.pair) == its):
            found[its].append(line)
    return found


def settled(facts: Iterable[Fact]) -> Iterator[tuple[str, str]]:
    """The last day and the file of each closed period of which every line is here: what its facts come to must be
    the totals that the closing says, kind by kind. Until then something is still on its way."""
    kept = list(facts)
    found = by_period(kept)
    for fact in sorted(kept):
        if fact.name == "PayPeriodClosed":
            its = found[fact.said["ends_on"]]
            if _totals(its) == {t["kind"]: (t["lines"], t["minutes"]) for t in fact.said["totals"]}:
                yield fact.said["ends_on"], as_csv(its)


def _totals(found: list[Line]) -> dict[str, tuple[int, int]]:
    totals: dict[str, tuple[int, int]] = {}
    for line in found:
        number, minutes = totals.get(line.kind, (0, 0))
        totals[line.kind] = (number + 1, minutes + line.minutes)
    return totals


def as_csv(found: list[Line]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(line[:6] for line in found)
    return text.getvalue()
