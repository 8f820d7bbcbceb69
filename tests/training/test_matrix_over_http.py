"""The training matrix: who has what, until when, page by page and as a file."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.eligibility import CLEARANCES, TRACKS
from tests.support.examples import example
from tests.support.served import Served
from tests.training.showing import COMPLIANCE, TODAY, TRAINER, complete, publish, record

ADA, BEN, CLEO = (UUID(int=n) for n in (1, 2, 3))
DAY = timedelta(days=1)


async def engage(training: Served, mentor_id: UUID, name: str) -> None:
    changed = {"mentor_id": mentor_id, "name": name, "email": f"{name.strip('=').lower()}@example.org"}
    await training.hear("assignments", example(MentorEngaged).model_copy(update=changed))


async def three(training: Served) -> str:
    """Ada has SLT for a year, Ben for a month, Cleo is only enrolled. Ada and Ben are identified."""
    for mentor_id, name in ((ADA, "=Ada"), (BEN, "Ben"), (CLEO, "Cleo")):
        await engage(training, mentor_id, name)
    year = await publish(training, "slt", 12, "Signs")
    month = await publish(training, "slt", 1, "Signs, in short")
    await complete(training, ADA, year, TODAY)
    await complete(training, BEN, month, TODAY)
    body = {"mentor_id": str(CLEO), "course_id": year, "due_on": "2026-02-01"}
    await training.done("/enrolments", body, **TRAINER)
    await record(training, ADA, "identity")
    await record(training, BEN, "identity", until=TODAY + 20 * DAY)
    return year


def cells(line: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {cell["item"]: cell for cell in line["cells"]}


async def test_each_cell_has_its_state_its_last_day_and_the_days_left(training: Served) -> None:
    await three(training)
    found = await training.ask("/matrix")
    assert found["columns"] == [*TRACKS, *CLEARANCES]
    ada, ben, cleo = (cells(line) for line in found["items"])
    assert (ada["slt"]["status"], ada["slt"]["until"], ada["slt"]["days_left"]) == (
        "valid",
        "2027-01-04",
        364,
    )
    assert (ben["slt"]["status"], ben["slt"]["days_left"]) == ("expiring", 30)
    assert (cleo["slt"]["status"], cleo["slt"]["training"], cleo["slt"]["due_on"]) == (
        "missing", "assigned", "2026-02-01",
    )  # fmt: skip
    assert (ada["identity"]["status"], ada["identity"]["until"]) == ("valid", None)
    assert (ben["identity"]["status"], ben["identity"]["days_left"]) == ("expiring", 20)
    assert [line["name"] for line in found["items"]] == ["=Ada", "Ben", "Cleo"]
    later = await training.ask("/matrix", track="slt", on="2026-02-05")
    assert [line["cells"][0]["status"] for line in later["items"]] == ["valid", "lapsed", "missing"]
    assert later["items"][1]["cells"][0]["since"] == "2026-02-05"


async def test_the_matrix_is_filtered_and_paged(training: Served) -> None:
    await three(training)

    async def names(**query: Any) -> list[str]:
        return [line["name"] for line in (await training.ask("/matrix", **query))["items"]]

    assert await names(track="slt", showing="valid") == ["=Ada", "Ben"]
    assert await names(track="slt", showing="expiring") == ["Ben"]
    assert await names(track="slt", showing="lacking") == ["Cleo"]
    assert await names(showing="valid") == []
    assert await names(region="uk-london") == ["=Ada", "Ben", "Cleo"]
    assert await names(region="uk-leeds") == []
    assert await names(state="deployable") == []
    assert await names(item="identity", showing="lacking") == ["Cleo"]
    first = await training.ask("/matrix", limit=2)
    rest = await training.ask("/matrix", limit=2, cursor=first["next"])
    assert ([line["name"] for line in rest["items"]], rest["next"]) == (["Cleo"], None)
    await training.done(f"/mentors/{BEN}/suspension", {"reason_code": "conduct"}, **COMPLIANCE)
    assert await names(state="suspended") == ["Ben"]
    left = example(MentorLeft).model_copy(update={"mentor_id": CLEO, "left_on": TODAY})
    await training.hear("assignments", left)
    assert await names() == ["=Ada", "Ben"]
    assert await names(left=True) == ["=Ada", "Ben", "Cleo"]
    assert (await training.get("/matrix", item="suspension")).status_code == 422
    assert (await training.get("/matrix", cursor="x")).status_code == 422
    assert (await training.get("/matrix", role="parent")).status_code == 403


async def test_the_matrix_as_a_file_holds_every_line_and_no_formula(training: Served) -> None:
    await three(training)
    answer = await training.get("/matrix.csv", track="slt")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    heads, *lines = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert heads == [
        "mentor_id", "name", "region", "state",
        "SLT training status", "SLT training until", "SLT training days left",
    ]  # fmt: skip
    assert lines == [
        [str(ADA), "'=Ada", "uk-london", "vetting", "valid", "2027-01-04", "364"],
        [str(BEN), "Ben", "uk-london", "vetting", "expiring", "2026-02-04", "30"],
        [str(CLEO), "Cleo", "uk-london", "vetting", "missing", "", ""],
    ]


async def test_many_are_enrolled_at_once_and_again_without_doubling(training: Served) -> None:
    year = await three(training)
    body = {
        "course_id": year,
        "due_on": "2026-04-01",
        "mentor_ids": [str(key) for key in (ADA, BEN, CLEO, BEN)],
    }
    report = await training.done("/enrolments/bulk", body, **TRAINER)
    assert (report["enrolled"], report["unchanged"], report["refused"]) == (2, 1, 0)
    assert [(row["outcome"], row["code"]) for row in report["items"]] == [
        ("enrolled", None), ("enrolled", None), ("unchanged", "already_enrolled"),
    ]  # fmt: skip
    training.clock.at = datetime(2026, 1, 9, 9, 0, tzinfo=UTC)
    again = await training.done("/enrolments/bulk", body, **TRAINER)
    assert (again["enrolled"], again["unchanged"]) == (0, 3)
    assert len((await training.ask("/enrolments", course_id=year, state="assigned"))["items"]) == 3
    await training.done(f"/courses/{year}/retirement", **TRAINER)
    late = await training.done("/enrolments/bulk", {**body, "due_on": "2026-05-01"}, **TRAINER)
    assert {row["code"] for row in late["items"]} == {"course_retired"}
    draft = await training.done(
        "/courses", {"track": "ot", "title": "Hands", "valid_months": 12, "draft": True}, **TRAINER
    )
    refused = await training.command("/enrolments/bulk", {**body, "course_id": draft["course_id"]}, **TRAINER)
    assert refused.json()["code"] == "course_not_published"
