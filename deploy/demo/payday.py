"""Chapter 14: a pay period is closed; an amendment after it is paid in the next one, and nothing is rewritten."""

import csv
import io
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.cast import Cast, ruth

PERIODS = {"first": (-7, 13, 18), "second": (14, 41, 44)}
"""First day, last day and day of the cut-off, by number."""
AMENDED = 40


async def open_periods(house: House, cast: Cast) -> dict[str, str]:
    """Two periods; their ids."""
    found = {}
    for name, (since, until, cut_off) in PERIODS.items():
        body = {
            "starts_on": cast.days[since].isoformat(),
            "ends_on": cast.days[until].isoformat(),
            "cut_off_at": cast.days.at(cut_off, "17:00").isoformat(),
        }
        opened = await ruth(house).do("sessions/pay-periods", body)
        found[name] = str(opened.body["period_id"])
    return found


async def play(house: House, cast: Cast, periods: dict[str, str], week: list[str]) -> None:
    """`week` are the sessions of the first week."""
    with house.story.chapter("A pay period is closed, and something has to be put right"):
        await clocks.go_on(house, cast.days.at(23, "12:00"))
        await close(house, periods["first"])
        lines = await sheet(house, cast, periods["first"])
        house.story.same(
            "the timesheet has a line of 55 minutes for each session of the week",
            [(one["session_id"], one["kind"], one["minutes"]) for one in lines],
            [(session, "contact", 55) for session in week],
        )
        await as_csv(house, cast, periods["first"], lines)
        await put_right(house, cast, periods, week[0], lines)
        house.story.keep(periods=periods, lines=lines)


async def close(house: House, period: str) -> None:
    """Everything has to be settled first; what is left over is approved now."""
    office, story = ruth(house), house.story
    after = await house.heads("sessions")
    open_now = await office.ask(f"sessions/pay-periods/{period}", *after)
    if open_now["unresolved"]:
        refused = await office.refused("sessions_unresolved", f"sessions/pay-periods/{period}/close", {})
        story.holds("the refusal names the sessions", bool(refused.body["items"]), refused.body["items"])
        for one in await office.ask_all("sessions/sessions", state="submitted"):
            await office.hushed.do(f"sessions/sessions/{one['session_id']}/approve", {})
        after = await house.heads("sessions")
        open_now = await office.ask(f"sessions/pay-periods/{period}", *after)
    story.same("everything up to its last day is settled", open_now["unresolved"], 0)
    closed = await office.do(f"sessions/pay-periods/{period}/close", {}, *after)
    found = await office.ask(f"sessions/pay-periods/{period}", closed.place)
    story.same("the totals are a fact, and what the lines came to", found["totals"], open_now["totals"])
    story.keep(**{f"closed_{found['ends_on']}": found})
    rows = [[one["kind"], str(one.get("minutes")), str(one.get("lines", ""))] for one in found["totals"]]
    story.teller.table("", ["kind", "minutes", "lines"], rows)


async def sheet(house: House, cast: Cast, period: str) -> list[Any]:
    """The mentor's lines."""
    mentor = house.somebody("mentor", cast.nadia.id)
    after = await house.heads("sessions")
    return await mentor.ask_all("sessions/timesheets", *after, period_id=period, mentor_id=cast.nadia.id)


async def as_csv(house: House, cast: Cast, period: str, lines: list[Any]) -> None:
    """Payroll takes the same lines as a file."""
    payroll = house.somebody("integrator", "payroll")
    answer = await payroll.get("sessions/timesheets", period_id=period, mentor_id=cast.nadia.id, format="csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    house.story.same(
        f"as CSV the same {len(lines)} lines, {', '.join(list(rows[0])[:6])}, ...",
        [(row["line_id"], int(row["minutes"]), row["kind"]) for row in rows],
        [(one["line_id"], one["minutes"], one["kind"]) for one in lines],
    )


async def put_right(
    house: House, cast: Cast, periods: dict[str, str], session: str, before: list[Any]
) -> None:
    """What was locked is amended: reversed and paid anew in the next period, and the original stays readable."""
    office, story, path = ruth(house), house.story, f"sessions/sessions/{session}"
    locked = await office.until(path, lambda found: found["state"] == "locked", "what was paid is locked")
    story.same(
        "what was paid is locked", (locked["state"], locked["period_id"]), ("locked", periods["first"])
    )
    body = {
        "reason_code": "wrong_minutes",
        "reason": "Nadia was called to the phone for a quarter of an hour.",
        "contact_minutes": AMENDED,
        **{name: locked[name] for name in ("activities", "areas", "ratio", "incidental_help")},
    }
    amended = await office.do(f"{path}/amend", body)
    found = await office.ask(path, amended.place)
    change = found["amendments"][0]
    story.same(
        "the amendment has before, after, by whom and why; the log as it was handed in stays beside it",
        (
            change["contact_minutes_before"],
            change["contact_minutes"],
            change["reason_code"],
            found["logs"][0]["contact_minutes"],
        ),
        (55, AMENDED, "wrong_minutes", 55),
    )
    after = await sheet(house, cast, periods["second"])
    seen = sorted((one["kind"], one["minutes"]) for one in after if one["session_id"] == session)
    story.same(
        "in the next period the old minutes are taken back, and the new ones paid",
        seen,
        [("amended_contact", AMENDED), ("reversal", -55)],
    )
    paid = [(one["line_id"], one["minutes"]) for one in await sheet(house, cast, periods["first"])]
    story.same("the closed period is as it was", paid, [(one["line_id"], one["minutes"]) for one in before])
    charged = [one["minutes"] for one in after if one["kind"] == "chargeable_cancellation"]
    story.same("and the child's absence at short notice is charged there", charged, [60])
