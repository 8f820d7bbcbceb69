"""Completions from a file: good rows go in, bad ones are told by line and column, and again changes nothing."""

from datetime import date
from uuid import UUID, uuid4

import httpx
import pytest

from services.training.domain.completions import Completion, NotCompletions, read_completions
from services.training.verbs import training as verb
from shared.contracts.assignments.mentor import MentorEngaged
from tests.support.examples import example
from tests.support.people import MENTOR
from tests.support.served import Served
from tests.training.showing import TRAINER, publish

HEADER = "Mentor,Course,Completed_on,Evidence\n"


def read(text: str) -> list[object]:
    return list(read_completions(text.splitlines(keepends=True)))


def test_a_row_names_a_mentor_a_course_a_day_and_a_record() -> None:
    (row,) = read(HEADER + f"{MENTOR},Signs,29/05/2026,sheet 7\n")
    assert row == Completion(2, MENTOR, "signs", None, date(2026, 5, 29), "sheet 7")
    (row,) = read("evidence,version,completed_on,course,mentor\nsheet 7,2,2026-05-29,Signs,A@Example.org\n")
    assert row == Completion(2, "a@example.org", "signs", 2, date(2026, 5, 29), "sheet 7")


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("nobody,Signs,2026-05-29,sheet", "mentor", "neither"),
        (",Signs,2026-05-29,sheet", "mentor", "empty"),
        (f"{MENTOR},,2026-05-29,sheet", "course", "empty"),
        (f"{MENTOR},Signs,2026-02-30,sheet", "completed_on", "no day"),
        (f"{MENTOR},Signs,31/06/2026,sheet", "completed_on", "no day"),
        (f"{MENTOR},Signs,2026-05-29,", "evidence", "empty"),
        (f"{MENTOR},Signs,2026-05-29,\ufffd", "evidence", "neither UTF-8"),
        (f"{MENTOR},Signs,2026-05-29", "", "has 3 columns"),
        (f'{MENTOR},"Sig"ns,2026-05-29,sheet', "", "CSV"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(row: str, column: str, reason: str) -> None:
    (flaws,) = read(HEADER + row + "\n")
    assert isinstance(flaws, tuple)
    assert [(flaw.line, flaw.column) for flaw in flaws] == [(2, column)]
    assert reason in flaws[0].reason


def test_a_file_without_a_column_is_no_file_of_completions() -> None:
    with pytest.raises(NotCompletions, match=r"no column mentor \(is it 'mentors'\?\)"):
        read("mentors,course,completed_on,evidence\n")


async def send(training: Served, body: bytes, role: str = "trainer") -> httpx.Response:
    headers = {
        "Idempotency-Key": str(uuid4()),
        "Authorization": f"Bearer dev:{role}:uk-london:tom",
        "Content-Type": "text/csv",
    }
    answer = await training.client.post("/training/completions/import", content=body, headers=headers)
    await training.settle()
    return answer


async def test_the_good_rows_go_in_the_bad_ones_are_told_and_again_changes_nothing(training: Served) -> None:
    await training.hear("assignments", example(MentorEngaged))
    slt = await publish(training, "slt", 12, "Gespräch")
    await publish(training, "ot", 12, "Hands")
    body = {"mentor_id": str(MENTOR), "course_id": slt, "due_on": "2026-03-01"}
    assigned = await training.done("/enrolments", body, **TRAINER)
    file = (
        f"{HEADER}"
        "grace.okafor@example.org,Gespräch,2026-01-05,sheet 1\n"
        f"{MENTOR},hands,02/01/2026,sheet 2\n"
        f"{MENTOR},hands,2026-02-01,too early\n"
        f"{UUID(int=9)},Feet,2026-01-05,sheet 3\n"
        f"{MENTOR},Hands,yesterday,sheet 4\n"
    ).encode("cp1252")
    report = (await send(training, file)).json()
    counts = ("read", "recorded", "unchanged", "rejected_rows")
    assert [report[name] for name in counts] == [5, 2, 0, 3]
    assert [(flaw["line"], flaw["column"], flaw["reason"]) for flaw in report["rejected"]] == [
        (4, "completed_on", "2026-02-01 has not come yet; give the day on which it happened."),
        (5, "mentor", "is no mentor of this region"),
        (5, "course", "is no course that was ever published"),
        (6, "completed_on", "is no day, such as 29/05/2026 or 2026-05-29"),
    ]
    done = await training.ask(f"/enrolments/{assigned['enrolment_id']}")
    assert (done["state"], done["evidence"]) == ("completed", "sheet 1")
    assert (await training.facts()).count("training.CertificationGranted.v1") == 2
    before = len(await training.facts())
    again = (await send(training, file)).json()
    assert [again[name] for name in counts] == [5, 0, 2, 3]
    assert len(await training.facts()) == before
    assert (await send(training, file, role="mentor")).status_code == 403
    wrong = await send(training, b"mentor,course,evidence\n")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_completions")


def test_the_verb_is_there_for_an_operator() -> None:
    assert [command.name for command in verb.registered_commands] == [
        "import-completions",
        "badge-keys",
    ]
