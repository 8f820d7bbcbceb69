"""`./alongside demo`: the main job, each step read back; here on a system of the test's own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.claims import DidNotHold
from deploy.demo.story import Story
from deploy.demo.terminal import Silence
from deploy.embedded import System
from shared.kernel.cli import FAILED, NOT_READY, USAGE
from tests.journeys.conftest import REAL, chapter

pytestmark = pytest.mark.slow
Document = dict[str, Any]


def demo(*words: str) -> tuple[int, Document]:
    """The verb as people call it."""
    command = [sys.executable, "-P", "-m", "shared.kernel.cli", "demo", "--json", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"stderr": done.stderr}


def test_the_main_job_holds(first: Document) -> None:
    assert first["did_not_hold"] is None
    assert first["ok"]
    assert [chapter["number"] for chapter in first["chapters"]][:8] == list(range(1, 9))
    claims = [claim for chapter in first["chapters"] for claim in chapter["claims"]]
    assert len(claims) == first["claims"] >= 100
    assert all(claim["held"] for claim in claims)


def test_a_school_year_holds(year: Document) -> None:
    assert [chapter["number"] for chapter in year["chapters"]] == list(range(1, 20))
    assert year["claims"] >= 210


def test_bad_rows_are_told_and_a_second_import_changes_nothing(first: Document) -> None:
    kept = chapter(first, 1)
    damaged = {flaw["line"]: flaw["column"] for flaw in kept["damaged_page"]["rejected"]}
    assert damaged == {2: "URN", 4: "Postcode", 6: "OpenDate"}
    assert (kept["report"]["read"], kept["report"]["rejected_rows"]) == (12, 0)
    again = kept["second_report"]
    assert (again["registered"], again["changed"], again["unchanged"]) == (0, 0, 12)


def test_unready_mentors_are_refused_with_each_item_and_date(first: Document) -> None:
    kept = chapter(first, 4)
    assert [(lack["item"], lack["status"]) for lack in kept["refused_tara"]["items"]] == [("ot", "missing")]
    lapsed = kept["refused_dev"]["items"]
    assert [lack["item"] for lack in lapsed] == ["dbs_enhanced", "safeguarding"]
    assert all(lack["status"] == "lapsed" and lack["since"] for lack in lapsed)


def test_of_64_callers_at_once_exactly_one_is_told_yes(first: Document) -> None:
    races = [kept for name, kept in chapter(first, 4).items() if name.startswith("race")]
    assert [(race["callers"], race["yes"], sum(race["no"].values())) for race in races] == [(64, 1, 63)] * 2


def test_the_past_stays_as_it_was_known(first: Document) -> None:
    kept = chapter(first, 8)
    then, now = (
        kept[name]["state"]["mentors"][0]["compliance"] for name in ("as_known_before", "as_known_now")
    )
    assert (then["in_date"], then["lacking"]) == (True, [])
    assert (now["in_date"], [lack["item"] for lack in now["lacking"]]) == (False, ["safeguarding"])
    assert {fact["source"] for fact in kept["timeline"]} == {
        "assignments",
        "sessions",
        "training",
        "notifications",
    }


def test_the_story_can_be_told_again_on_the_same_system(first: Document, second: Document) -> None:
    assert second["did_not_hold"] is None
    assert second["ok"]
    assert second["claims"] >= 100
    assert [chapter["number"] for chapter in second["chapters"]] == list(range(1, 9))
    assert chapter(second, 2)["child_id"] != chapter(first, 2)["child_id"]
    assert chapter(second, 2)["recipients"]["coordinator"] == chapter(first, 2)["recipients"]["coordinator"]


def test_sessions_keep_the_school_s_time_and_its_days(year: Document) -> None:
    kept = chapter(year, 10)
    hours = [moment[11:16] for moment in kept["sessions"]]
    assert hours == sorted(hours)
    assert set(hours) == {"08:00", "09:00"}
    assert len(kept["public_holidays"]) >= 1


def test_what_is_amended_after_the_close_is_paid_in_the_next_period(year: Document) -> None:
    kept = chapter(year, 14)
    closed = [period for name, period in kept.items() if name.startswith("closed_")]
    assert [bool(period["closed_at"]) for period in closed] == [True]
    assert [line["minutes"] for line in kept["lines"]] == [55] * 5


def test_the_auditor_s_questions_are_answered_as_known_then_and_now(year: Document) -> None:
    kept = chapter(year, 19)
    questions = {name.removesuffix("_then") for name in kept} - {"viewed", "report", "report_rebuilt"}
    assert len(questions) == 8  # the ninth is asked of the views, the tenth of a report
    assert kept["viewed"]
    assert kept["report_rebuilt"]["identical"] is True
    then, now = (kept[name]["answer"]["mentors"][0] for name in ("who_supported_then", "who_supported"))
    assert then["mentor_id"] == now["mentor_id"]
    assert (then["in_date"], now["in_date"]) == (True, False)
    assert kept["who_supported_then"]["result_sha256"] != kept["who_supported"]["result_sha256"]


@pytest.mark.skipif(not REAL.exists(), reason="../shared/data/gias-schools.csv is not here")
def test_the_register_nobody_here_wrote_is_taken_over(second: Document) -> None:
    page, report = (chapter(second, 1)[name] for name in ("damaged_page", "report"))
    assert (report["read"], report["rejected_rows"]) == (60, 10)
    assert page["registered"] + report["registered"] == 50
    assert {flaw["column"] for flaw in report["rejected"]} == {"EstablishmentStatus (name)"}


def test_everything_is_ready_after_two_stories(system: System, second: Document) -> None:
    system.wait_ready(seconds=10)


def test_what_did_not_hold_is_said_with_exit_code_1(system: System, tmp_path: Path) -> None:
    """A register in which every school is closed: nobody there can ask for support."""
    shipped = (Path(__file__).resolve().parents[2] / "deploy" / "demo" / "schools.csv").read_bytes()
    header, *rows = shipped.splitlines(keepends=True)
    closed = [row for row in rows if b",2,Closed," in row]
    assert closed
    register = tmp_path / "closed.csv"
    register.write_bytes(b"".join([header, *closed]))
    code, document = demo("--data", str(system.data), "--schools", str(register))
    assert (code, document["ok"]) == (FAILED, False)
    assert "no open school" in document["did_not_hold"]
    assert document["chapters"][0]["kept"]["report"]["read"] == len(closed)


def test_a_system_that_does_not_answer_is_named_with_exit_code_3() -> None:
    code, document = demo("--url", "http://127.0.0.1:1")
    assert code == NOT_READY
    assert "assignments is not ready" in document["did_not_hold"]


def test_wrong_words_are_wrong_usage() -> None:
    assert demo("--schools", "/nowhere.csv")[0] == USAGE
    assert demo("--url", "nonsense=1")[0] == USAGE


def test_a_claim_that_does_not_hold_ends_the_story_and_shows_what_was_seen() -> None:
    story = Story(Silence())
    with pytest.raises(DidNotHold, match="two and two: saw"), story.chapter("Sums"):
        story.same("two and two", 2 + 2, 5)
    (claim,) = story.chapters[0].claims
    assert (claim.held, claim.seen) == (False, {"seen": 4, "expected": 5})
