"""A roster taken over: schools first, then who is supported, last what is no more; or all of it in thought."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import IO
from uuid import UUID

from services.assignments.domain.roster import NoteRoster, Roster, made_from, roster
from services.assignments.oneroster.archive import unfit
from services.assignments.oneroster.choosing import Chosen, choose
from services.assignments.oneroster.desk import Desk
from services.assignments.oneroster.endings import absent, end_support
from services.assignments.oneroster.office import Office
from services.assignments.oneroster.report import MOST_LISTED, FileReport, Item, Rejected, RosterReport
from services.assignments.oneroster.rosters import ReadRoster, read_roster
from services.assignments.oneroster.schools import take_schools
from services.assignments.oneroster.supports import take_supports
from shared.kernel.envelope import Origin
from shared.kernel.running import Running

Told = Callable[[str, int, int], None]
"""Progress: what is done, how much of it, of how much (0: not known yet)."""


@dataclass(frozen=True)
class Asked:
    """How a roster is to be taken over.

    `source` keeps the numbers of two systems apart. `students` are pupils to take over who are not alone with an
    aide. `whole_classes`: a delta lists every class it touches in full. `end_absent`: end what a whole file leaves out.
    """

    source: str = ""
    students: frozenset[str] = frozenset()
    whole_classes: bool = False
    end_absent: bool = False
    dry_run: bool = False


async def import_roster(
    running: Running, origin: Origin, file: IO[bytes], asked: Asked, told: Told
) -> RosterReport:
    """Take it over. Safe to repeat. Raises Problem 422 when nothing of it can be used."""
    loop = asyncio.get_running_loop()

    def reading(name: str, rows: int) -> None:
        loop.call_soon_threadsafe(told, f"{name}.csv", rows, 0)

    read = await asyncio.to_thread(read_roster, file, reading)
    source = asked.source or read.source
    if not source:
        raise unfit(
            "invalid_source",
            "say which system this roster comes from (source), so that its numbers are told from others'",
            {"manifest.csv source.systemCode": "is missing; fill it in, or send source along"},
        )
    desk = Desk(running, origin, dry_run=asked.dry_run)
    roster_id = made_from(source, "roster")
    known: Roster = await desk.state(roster, roster_id)
    today = origin.at.date()
    links, items = await take_schools(desk, read, known, source, today, end_absent=asked.end_absent)
    told("schools", len(links), len(links))
    known = replace(known, links={**known.links, **links})
    chosen = await asyncio.to_thread(
        choose, read, known, source, today, students=asked.students, whole_classes=asked.whole_classes
    )
    office = Office(desk, read, known, source, asked.students, origin.at)
    gone = frozenset(chosen.gone | (chosen.absent if asked.end_absent else set()))
    office.items += chosen.told
    seen = await take_supports(office, chosen.wanted, told)
    still = {support.child_id for support in seen}
    still |= {support.child_id for place, support in known.supports.items() if place not in gone}
    for place in sorted(gone, key=str):
        await end_support(office, known.supports[place], still)
    if not asked.end_absent:
        office.items += [absent(office, known.supports[place]) for place in sorted(chosen.absent, key=str)]
    note = NoteRoster(roster_id, today, links, tuple(seen), gone)
    await desk.do(roster, roster_id, note)
    return _report(roster_id, source, asked, read, chosen, [*items, *office.items], desk)


def _report(
    roster_id: UUID,
    source: str,
    asked: Asked,
    read: ReadRoster,
    chosen: Chosen,
    items: list[Item],
    desk: Desk,
) -> RosterReport:
    used = _used(read, chosen, source)
    files = [
        FileReport(
            file=f"{name}.csv",
            mode=mode,
            rows=read.rows[name],
            used=used[name],
            passed_over=read.rows[name] - used[name] - read.rejected[name],
            rejected=read.rejected[name],
        )
        for name, mode in read.modes.items()
    ]
    counts = Counter(f"{_PLURAL[item.kind]} {item.what}" for item in items)
    return RosterReport(
        roster_id=roster_id,
        source=source,
        dry_run=asked.dry_run,
        files=files,
        counts=dict(sorted(counts.items())),
        facts=desk.facts,
        items=items[:MOST_LISTED],
        rejected_rows=sum(read.rejected.values()),
        rejected=[
            Rejected(
                file=f"{flaw.file}.csv",
                line=flaw.line,
                column=flaw.column,
                value=flaw.value,
                reason=flaw.reason,
                mend=flaw.mend,
            )
            for flaw in read.flaws[:MOST_LISTED]
        ],
        notes=read.notes,
        position=desk.position,
    )


_PLURAL = {"school": "schools", "child": "children", "mentor": "mentors", "support": "supports"}


def _used(read: ReadRoster, chosen: Chosen, source: str) -> Counter[str]:
    """How many rows of each file led to something that is kept here."""
    people = {wanted.pupil for wanted in chosen.wanted} | {wanted.aide for wanted in chosen.wanted}
    classes = {wanted.class_id for wanted in chosen.wanted}
    flawed = {flaw.line for flaw in read.flaws if flaw.file == "users"}
    return Counter(
        orgs=sum(line.record.type == "school" for line in read.orgs.values()),
        users=sum(key in people and line.line not in flawed for key, line in read.users.items()),
        roles=sum(line.record.user_sourced_id in people for line in read.roles.values()),
        classes=sum(made_from(source, "class", key) in classes for key in read.classes),
        enrollments=sum(line.record.user_sourced_id in people for line in read.enrollments.values()),
    )
