"""Chapter 1: a school register in the published GIAS layout becomes schools."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from deploy.demo import page
from deploy.demo.answers import Answer
from deploy.demo.calling import House, Somebody
from deploy.demo.claims import DidNotHold, Exchange
from deploy.demo.page import Sheet

CHUNK_BYTES = 64 * 1024
LOOK_SECONDS = 0.2  # how often the bar is drawn anew; nothing waits for it
SAMPLE = 200
School = dict[str, Any]


async def play(house: House, file: Path) -> tuple[School, School]:
    """Import it damaged, whole and again; returns the school of the story, and the one of the other children."""
    with house.story.chapter(f"A school register is imported: {file.name}"):
        content = await asyncio.to_thread(file.read_bytes)
        sheet = page.read(content)
        house.story.teller.say(
            f"{len(sheet.lines)} rows of {len(sheet.columns)} columns in {sheet.encoding}, {len(content):,} bytes."
        )
        manager = house.somebody("manager", "mina")
        await damaged_page(manager, sheet)
        report = await whole_register(manager, content, sheet)
        await second_time(manager, content, report)
        return await choose(house, await read_back(house, sheet, report))


async def damaged_page(manager: Somebody, sheet: Sheet) -> None:
    """Bad rows are told by line, column and reason, and the good ones beside them go in."""
    story = manager.house.story
    content, spoiled = page.damaged(sheet)
    report = await send(manager, content, "a page of it, with cells spoiled on purpose")
    check_sums(manager.house, report, page.read(content))
    told = {(flaw["line"], flaw["column"], flaw["value"]) for flaw in report["rejected"] if flaw["reason"]}
    rows = [[str(f["line"]), f["column"], f["value"], f["reason"]] for f in report["rejected"]]
    story.teller.table("", ["line", "column", "value", "reason"], rows)
    story.same(
        f"each of the {len(spoiled)} spoiled cells is told by its line and column, with a reason",
        sorted(told & spoiled),
        sorted(spoiled),
    )
    story.keep(damaged_page=report)


async def whole_register(manager: Somebody, content: bytes, sheet: Sheet) -> Any:
    story = manager.house.story
    report = await send(manager, content, "the register itself")
    check_sums(manager.house, report, sheet)
    if report["rejected"]:
        shown = report["rejected"][:10]
        rows = [[str(flaw["line"]), flaw["column"], flaw["value"], flaw["reason"]] for flaw in shown]
        story.teller.table("", ["line", "column", "value", "reason"], rows)
        wrong = [flaw for flaw in report["rejected"] if not is_as_told(sheet, flaw)]
        claim = (
            f"{report['rejected_rows']} bad rows are reported; on each line told, the file has what is told"
        )
        story.same(claim, wrong, [])
    story.keep(report=report)
    return report


async def second_time(manager: Somebody, content: bytes, first: Any) -> None:
    """The same file again changes nothing."""
    good = first["registered"] + first["changed"] + first["unchanged"]
    again = await send(manager, content, "the same file again")
    counts = {name: again[name] for name in ("read", "registered", "changed", "unchanged", "rejected_rows")}
    manager.house.story.same(
        "the second import changes nothing",
        counts,
        {
            "read": first["read"],
            "registered": 0,
            "changed": 0,
            "unchanged": good,
            "rejected_rows": first["rejected_rows"],
        },
    )
    manager.house.story.keep(second_report=again)


async def read_back(house: House, sheet: Sheet, report: Any) -> list[School]:
    """The schools as the service has them now, held against the file."""
    coordinator, after = house.somebody("coordinator", "ruth"), await house.heads("assignments")
    bad = {flaw["line"] for flaw in report["rejected"]}
    good = [line.cells for line in sheet.lines if line.number not in bad][:SAMPLE]
    gate = asyncio.Semaphore(16)

    async def one(cells: dict[str, str]) -> School | None:
        async with gate:
            found = await coordinator.ask("assignments/schools", *after, urn=cells["URN"])
        return next(iter(found["items"]), None)

    schools = await asyncio.gather(*map(one, good))
    found = {str(school["urn"]): school["name"] for school in schools if school}
    house.story.same(
        f"{len(good)} schools are found by their URN, under the name that the file gives",
        found,
        {cells["URN"].strip(): cells["EstablishmentName"].strip() for cells in good},
    )
    return [school for school in schools if school]


async def choose(house: House, schools: list[School]) -> tuple[School, School]:
    """Two open schools, primary ones if there are any; recorded once, however often they were imported."""
    openly = [school for school in schools if school["status"] == "open"]
    if not openly:
        raise DidNotHold("the register has no open school, so nobody can ask for support")
    school, *others = sorted(openly, key=lambda found: bool(found["phase"] != "primary"))
    auditor = house.somebody("auditor", "ines")
    after = await house.heads("assignments")
    facts = await auditor.ask_all("audit/facts", *after, stream=school["school_id"])
    types = [fact["type"] for fact in facts]
    house.story.same(
        f"{school['name']} stands in the log as registered once, however often it was imported",
        types.count("assignments.SchoolRegistered.v1"),
        1,
    )
    house.story.keep(school=school)
    return school, others[0] if others else school


def check_sums(house: House, report: Any, sheet: Sheet) -> None:
    """Every row of the file is accounted for."""
    became = [report[name] for name in ("registered", "changed", "unchanged", "rejected_rows")]
    house.story.same("every row that the file has was read", report["read"], len(sheet.lines))
    house.story.same(
        f"and is accounted for: {became[0]} registered, {became[1]} changed, "
        f"{became[2]} unchanged, {became[3]} rejected",
        sum(became),
        report["read"],
    )


def is_as_told(sheet: Sheet, flaw: Any) -> bool:
    """Whether the file holds, on that line and in that column, what the report says it holds."""
    if not flaw["column"]:
        return bool(flaw["reason"])
    cell = sheet.line(flaw["line"]).get(flaw["column"])
    return cell is not None and cell.strip()[:80] == flaw["value"] and bool(flaw["reason"])


async def send(manager: Somebody, content: bytes, what: str) -> Any:
    """Send a register, showing how far it has come: first the bytes, then the rows recorded."""
    house, path = manager.house, "assignments/schools/import"
    teller, rows = house.story.teller, content.count(b"\n")
    before = await house.head("assignments")
    sending = asyncio.create_task(manager.hushed.send(path, content=chunks(house, content)))
    while not (await asyncio.wait({sending}, timeout=LOOK_SECONDS))[0]:
        recorded = await house.head("assignments") - before
        if recorded:
            teller.progress("rows recorded", min(recorded, rows - 1), rows)
    answer: Answer = await sending
    teller.progress("rows read", rows, rows)
    if answer.status != 200:
        raise DidNotHold(f"POST /{path}: {answer.status} {answer.gist()}")
    gist = ", ".join(f"{answer.body[name]} {name}" for name in ("read", "registered", "changed", "unchanged"))
    gist += f", {answer.body['rejected_rows']} rejected"
    house.story.exchange(Exchange(f"{manager.name}, {manager.role}", f"POST /{path}: {what}", 200, gist))
    return answer.body


async def chunks(house: House, content: bytes) -> AsyncIterator[bytes]:
    """The file in pieces, so that a large one streams."""
    for start in range(0, len(content), CHUNK_BYTES):
        yield content[start : start + CHUNK_BYTES]
        sent = min(start + CHUNK_BYTES, len(content))
        house.story.teller.progress("sending", min(sent, len(content) - 1), len(content))
