"""A report that was issued is rebuilt byte for byte; and where it is not the same, it says what differs and why."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from services.audit.main import service
from services.audit.read_model import kinds
from services.audit.replay import child
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.child import ChildAccepted, ProvisionSpecified
from shared.contracts.training.standing import MentorCleared
from tests.audit.history import Happened, keep
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR
from tests.support.served import Served, served

NOW = datetime(2026, 9, 8, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
AUDITOR = {"role": "auditor", "name": "ines"}


@pytest.fixture
async def audit(database_url: str) -> AsyncIterator[Served]:
    async with served(service, database_url, NOW) as found:
        await keep(database_url, history())
        yield found


def history() -> list[Happened]:
    return [
        Happened(NOW - 20 * DAY, example(ChildAccepted)),
        Happened(NOW - 19 * DAY, example(ProvisionSpecified)),
        Happened(NOW - 18 * DAY, example(MentorCleared)),
        Happened(NOW - 17 * DAY, example(MentorAssigned)),
    ]


async def issued(audit: Served, kind: str = "child-state", **asked: Any) -> dict[str, Any]:
    body = {"kind": kind, "asked": asked or {"child_id": str(CHILD)}}
    return await audit.done("/reports", body, **AUDITOR)


async def rebuilt(audit: Served, report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = await audit.ask(f"/reports/{report['report_id']}/rebuild", **AUDITOR)
    return found


async def change(audit: Served, statement: str, **values: Any) -> None:
    async with audit.running.engine.begin() as connection:
        await connection.execute(text(statement), values)


async def test_a_report_comes_out_the_same_after_more_became_known(audit: Served, database_url: str) -> None:
    report = await issued(audit)
    given = (await audit.get(f"/reports/{report['report_id']}", **AUDITOR)).content
    assert (sha256(given).hexdigest(), len(given)) == (report["sha256"], report["length"])
    # recorded before, arrived after: it was not known then
    late = Happened(NOW - 30 * DAY, example(ProvisionSpecified))
    before = {("assignments", n): b"" for n in (1, 2, 3)} | {("training", 1): b""}
    await keep(database_url, [late], {place: await _body(audit, *place) for place in before})
    audit.clock.at = NOW + 100 * DAY
    found = await rebuilt(audit, report)
    assert (found["identical"], found["why"], found["differs"]) == (True, [], [])
    assert found["issued"] == found["rebuilt"]
    now = await audit.ask(f"/state/children/{CHILD}", known_at=NOW, **AUDITOR)
    assert (
        now["rests_on"]["assignments"]["facts"] == orjson.loads(given)["rests_on"]["assignments"]["facts"] + 1
    )


async def _body(audit: Served, source: str, position: int) -> bytes:
    async with audit.running.engine.connect() as connection:
        row = await connection.execute(
            text("SELECT body FROM facts WHERE source = :s AND position = :p"), {"s": source, "p": position}
        )
        return bytes(row.scalar_one())


async def test_every_kind_of_report_is_issued_and_rebuilt(audit: Served) -> None:
    every = {
        "child_id": str(CHILD),
        "mentor_id": str(MENTOR),
        "on": "2026-09-07",
        "from": "2026-09-01",
        "to": "2026-10-01",
        "item": "slt",
    }
    for kind, one in kinds.KINDS.items():
        takes = [name for name in one.takes if name[-1] != "?"] or ["child_id"]
        report = await issued(audit, kind, **{name: every[name] for name in takes})
        assert (await rebuilt(audit, report))["identical"], kind
        told = orjson.loads((await audit.get(f"/reports/{report['report_id']}", **AUDITOR)).content)
        assert (told["kind"], told["opens"]) == (kind, [])


async def test_a_fact_that_was_altered_shows_and_is_named(audit: Served) -> None:
    report = await issued(audit)
    body = (await _body(audit, "assignments", 3)).replace(b'"role":"primary"', b'"role":"cover"')
    await change(audit, "UPDATE facts SET body = :b WHERE source = 'assignments' AND position = 3", b=body)
    found = await rebuilt(audit, report)
    assert not found["identical"]
    assert [one["at"] for one in found["differs"]] == ["/state/mentors/0/role"]
    assert found["why"][0].startswith("facts: ")


async def test_another_reckoning_is_named(audit: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    report = await issued(audit)
    newer = kinds.Kind(
        kinds.KINDS["child-state"].takes, kinds.KINDS["child-state"].ask, "child-state/99", "state"
    )
    monkeypatch.setitem(kinds.KINDS, "child-state", newer)
    found = await rebuilt(audit, report)
    assert found["why"] == [f"fold: it was made by {child.FOLD}, and this program reckons by child-state/99"]


async def test_the_report_is_on_record_with_all_it_takes_and_shows_in_the_childs_timeline(
    audit: Served,
) -> None:
    report = await issued(audit)
    fact = await audit.ask(f"/reports/{report['report_id']}/fact", **AUDITOR)
    assert fact["up_to"] == {"assignments": 3, "training": 1}
    assert (fact["kind"], fact["asked"]["child_id"], fact["issued_by"]) == (
        "child-state",
        str(CHILD),
        "auditor:ines",
    )
    timeline = await audit.ask(f"/timelines/children/{CHILD}", **AUDITOR)
    assert timeline["items"][-1]["type"] == "audit.ReportIssued.v1"
    (listed,) = (await audit.ask("/reports", child_id=CHILD, **AUDITOR))["items"]
    assert listed["report_id"] == report["report_id"]


async def test_the_same_command_again_issues_no_second_report(audit: Served) -> None:
    body = {"kind": "child-state", "asked": {"child_id": str(CHILD)}}
    first = await audit.command("/reports", body, key="one", **AUDITOR)
    again = await audit.command("/reports", body, key="one", **AUDITOR)
    assert again.json()["report_id"] == first.json()["report_id"]
    async with audit.running.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM reports"))).scalar_one() == 1


NONSENSE: list[tuple[dict[str, Any], str]] = [
    ({"kind": "horoscope"}, "kind"),
    ({"kind": "child-state"}, "child_id"),
    ({"kind": "child-state", "asked": {"child_id": "Ada"}}, "child_id"),
    ({"kind": "child-state", "asked": {"child_id": str(CHILD), "item": "slt"}}, "item"),
    ({"kind": "who-viewed", "asked": {}}, "child_id"),
    ({"kind": "whole-class-use", "asked": {"from": "2026-09-02", "to": "2026-09-01"}}, "to"),
]


async def test_what_makes_no_sense_is_refused_by_name(audit: Served) -> None:
    for body, field in NONSENSE:
        answer = await audit.command("/reports", body, **AUDITOR)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_verified_report_needs_a_tree(audit: Served) -> None:
    body = {"kind": "child-state", "asked": {"child_id": str(CHILD)}, "verified": True}
    answer = await audit.command("/reports", body, **AUDITOR)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_witnessed")
