"""Organisations of a roster as schools: found in the register by URN; what the register has it also decides."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.assignments.domain.roster import Roster, made_from
from services.assignments.domain.school import RecordSchool, School, school, school_id
from services.assignments.oneroster.desk import Desk
from services.assignments.oneroster.reading import SHOWN, Flaw, Line
from services.assignments.oneroster.records import Org
from services.assignments.oneroster.report import Item, What
from services.assignments.oneroster.rosters import ReadRoster
from shared.contracts.assignments.school import SchoolDetails

NOT_STATED = "not stated"
_URN = re.compile(r"[1-9][0-9]{5}")
AUTHORITIES = ("local", "district")


async def take_schools(
    desk: Desk, read: ReadRoster, known: Roster, source: str, on: date, *, end_absent: bool
) -> tuple[dict[UUID, UUID], list[Item]]:
    """The school of each organisation, and what was done. Rows without a URN are rejected in `read`."""
    links: dict[UUID, UUID] = {}
    items: list[Item] = []
    for key, line in list(read.orgs.items()):
        if line.record.type != "school":
            continue
        org_id = made_from(source, "org", key)
        here = _school_of(line.record) or known.links.get(org_id)
        if here is None:
            _reject(read, line)
            continue
        if line.record.gone:
            items += await _leave(desk, here, on, Item(what="undecided", kind="school", **_at(line)))
            continue
        links[org_id] = here
        items += await _take(desk, read, line, here)
    items += await _absent(desk, read, known, source, on, end_absent=end_absent)
    return links, items


def _school_of(org: Org) -> UUID | None:
    return school_id(int(org.identifier)) if _URN.fullmatch(org.identifier) else None


def _reject(read: ReadRoster, line: Line[Org]) -> None:
    value = line.record.identifier[:SHOWN]
    mend = "write the school's unique reference number from the register into identifier"
    read.flaws.append(Flaw("orgs", line.line, "identifier", value, "is no URN: six digits", mend))
    read.rejected["orgs"] += 1
    del read.records["orgs"][line.record.sourced_id]


async def _take(desk: Desk, read: ReadRoster, line: Line[Org], here: UUID) -> list[Item]:
    """Register a school that the register lacks; change one that only a roster ever told of."""
    state: School = await desk.state(school, here)
    before = state.local_authority if state else NOT_STATED
    details = from_roster(here, line.record, _authority(read, line.record) or before, state)
    if details is None or not await desk.do(school, here, RecordSchool(details)):
        return []
    what: What = "registered" if state is None else "changed"
    return [Item(what=what, kind="school", id=here, **_at(line))]


def from_roster(here: UUID, org: Org, authority: str, state: School) -> SchoolDetails | None:
    """What a roster tells of a school; None when the register told of it, which knows better."""
    if state is not None and not _only_from_a_roster(state):
        return None
    urn = state.urn if state else int(org.identifier)
    return SchoolDetails(
        school_id=here,
        urn=urn,
        name=org.name,
        local_authority=authority,
        town=None,
        postcode=None,
        phase="not_applicable",
        status="open",
    )


def _only_from_a_roster(state: SchoolDetails) -> bool:
    told = (state.town, state.postcode, state.lowest_age, state.highest_age, state.opened_on)
    return state.phase == "not_applicable" and all(each is None for each in told)


def _authority(read: ReadRoster, org: Org) -> str:
    """The nearest organisation above it that is a local authority or a district, by name."""
    seen: set[str] = set()
    above = org.parent_sourced_id
    while above and above not in seen and (line := read.orgs.get(above)):
        if line.record.type in AUTHORITIES:
            return line.record.name
        seen.add(above)
        above = line.record.parent_sourced_id
    return ""


async def _leave(desk: Desk, here: UUID, on: date, item: Item) -> list[Item]:
    """A school that left: closed when only a roster told of it, else the register says whether it is open."""
    state: School = await desk.state(school, here)
    if state is None or state.status == "closed":
        return []
    if not _only_from_a_roster(state):
        said = "left the roster; the register says whether it is open, so nothing was recorded"
        return [item.model_copy(update={"id": here, "detail": said})]
    closed = state.model_copy(update={"status": "closed", "closed_on": on})
    await desk.do(school, here, RecordSchool(closed))
    return [item.model_copy(update={"id": here, "what": "closed"})]


async def _absent(
    desk: Desk, read: ReadRoster, known: Roster, source: str, on: date, *, end_absent: bool
) -> list[Item]:
    items: list[Item] = []
    for here in _unmentioned(read, known.links, source):
        state: School = await desk.state(school, here)
        if state is None or state.status == "closed":
            continue
        detail = "was in the roster before and is not in this whole one; ended only with end_absent"
        item = Item(
            what="absent", kind="school", sourced_id="", file="orgs.csv", line=0, id=here, detail=detail
        )
        items += await _leave(desk, here, on, item) if end_absent else [item]
    return items


def _unmentioned(read: ReadRoster, links: Mapping[UUID, UUID], source: str) -> Iterator[UUID]:
    if read.whole("orgs"):
        mentioned = {made_from(source, "org", key) for key in read.orgs}
        yield from (here for org_id, here in links.items() if org_id not in mentioned)


def _at(line: Line[Org]) -> dict[str, Any]:
    return {"sourced_id": line.record.sourced_id, "file": "orgs.csv", "line": line.line}
