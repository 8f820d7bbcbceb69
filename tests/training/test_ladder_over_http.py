"""Over HTTP, as time passes: the window opens, days run out, somebody is suspended, and all can be asked for."""

from datetime import UTC, date, datetime, timedelta

from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from tests.support.examples import example
from tests.support.people import MENTOR
from tests.support.served import Served
from tests.training.showing import COMPLIANCE, TODAY, TRAINER, clear, complete, publish, record, stands

UNTIL = date(2027, 1, 4)
DAY = timedelta(days=1)


def at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


async def test_the_ladder_is_told_rung_by_rung_and_stops_when_renewed(training: Served) -> None:
    courses = await clear(training, MENTOR)
    before = len(await training.facts())
    await training.pass_time(at(UNTIL - 61 * DAY))
    told = [topic.split(".")[1] for topic in (await training.facts())[before:]]
    assert sorted(told) == ["CertificationExpiring"] * 4 + ["CertificationWindowOpened"] * 4
    opened = await training.ask("/certifications", state="window_open", mentor_id=MENTOR)
    assert {found["days_left"] for found in opened["items"]} == {61}
    for track in ("slt", "ot", "bed"):
        await complete(training, MENTOR, courses[track], UNTIL - 61 * DAY)
    before = len(await training.facts())
    await training.pass_time(at(UNTIL))
    told = [topic.split(".")[1] for topic in (await training.facts())[before:]]
    expected = ["CertificationExpiring"] * 4 + ["CertificationOverdue", "TrainingOverdue"]
    assert [name for name in told if name in expected].count("CertificationExpiring") == 4
    assert told.count("CertificationOverdue") == 1
    listed = await training.ask("/certifications", mentor_id=MENTOR, track="slt")
    assert [found["state"] for found in listed["items"]] == ["renewed", "future"]
    (late,) = (await training.ask("/certifications", state="overdue"))["items"]
    assert (late["track"], late["days_left"]) == ("safeguarding", 0)
    await training.pass_time(at(UNTIL + DAY))
    assert (await stands(training, MENTOR))["state"] == "restricted"
    assert await training.parked() == 0


async def test_a_clearance_is_told_of_before_its_recheck(training: Served) -> None:
    await record(training, MENTOR, "dbs_enhanced", until=TODAY + 31 * DAY)
    await training.pass_time(at(TODAY + 31 * DAY))
    assert (await training.facts()).count("training.ClearanceExpiring.v1") == 3


async def test_a_programme_is_assigned_to_who_is_engaged_and_taken_back_when_they_leave(
    training: Served,
) -> None:
    for track in ("induction", "slt", "ot", "bed", "safeguarding"):
        await publish(training, track, None if track == "induction" else 12)
    newest = await training.done(
        "/courses", {"track": "slt", "title": "All about slt", "version": 2, "valid_months": 12}, **TRAINER
    )
    needs = [
        {"track": "induction", "complete_within_days": 14},
        {"track": "slt", "valid_months": 6},
        *({"track": track, "valid_months": 12} for track in ("ot", "bed", "safeguarding")),
    ]
    set_it = await training.client.put(
        "/training/programmes/learning_mentor",
        json={"requirements": needs},
        headers={"Idempotency-Key": "p", "Authorization": "Bearer dev:trainer:uk-london:tom"},
    )
    assert set_it.status_code == 200, set_it.text
    await training.settle()
    found = await training.ask("/programmes/learning_mentor")
    assert [need["track"] for need in found["requirements"]][:2] == ["induction", "slt"]
    engaged = example(MentorEngaged)
    await training.hear("assignments", engaged)
    listed = (await training.ask("/enrolments", mentor_id=MENTOR))["items"]
    assert {found["track"]: found["due_on"] for found in listed} == {
        "induction": "2026-01-19",
        **dict.fromkeys(("slt", "ot", "bed", "safeguarding"), "2026-03-06"),
    }
    assert {found["required_by"] for found in listed} == {"programme"}
    assert newest["course_id"] in {found["course_id"] for found in listed}
    await training.hear("assignments", engaged)
    assert len((await training.ask("/enrolments", mentor_id=MENTOR))["items"]) == 5
    slt = next(found["enrolment_id"] for found in listed if found["track"] == "slt")
    sheet = {"completed_on": "2026-01-05", "evidence": "sheet 1"}
    await training.done(f"/enrolments/{slt}/completion", sheet, **TRAINER)
    (held,) = (await training.ask("/certifications", mentor_id=MENTOR))["items"]
    assert held["valid_until"] == "2026-07-04", "the programme says less than the course"
    await training.pass_time(at(date(2026, 1, 20)))
    (late,) = (await training.ask("/enrolments", overdue=True))["items"]
    assert late["track"] == "induction"
    await training.hear("assignments", example(MentorLeft))
    states = [found["state"] for found in (await training.ask("/enrolments", mentor_id=MENTOR))["items"]]
    assert sorted(states) == ["completed", *["withdrawn"] * 4]
    assert await training.parked() == 0


async def test_when_the_window_opens_the_programme_assigns_the_renewal(training: Served) -> None:
    await clear(training, MENTOR)
    needs = [
        {"track": "induction"},
        *(
            {"track": track, "valid_months": 12, "window_days": 60}
            for track in ("slt", "ot", "bed", "safeguarding")
        ),
    ]
    await training.client.put(
        "/training/programmes/learning_mentor",
        json={"requirements": needs},
        headers={"Idempotency-Key": "p", "Authorization": "Bearer dev:trainer:uk-london:tom"},
    )
    await training.settle()
    await training.pass_time(at(UNTIL - 90 * DAY))
    listed = (await training.ask("/enrolments", mentor_id=MENTOR, state="assigned"))["items"]
    assert [found["required_by"] for found in listed] == ["renewal"] * 4
    assert {found["due_on"] for found in listed} == {str(UNTIL - 30 * DAY)}


async def test_who_has_left_is_assigned_no_renewal(training: Served) -> None:
    await clear(training, MENTOR)
    needs = [
        {"track": "induction"},
        *({"track": t, "valid_months": 12} for t in ("slt", "ot", "bed", "safeguarding")),
    ]
    await training.client.put(
        "/training/programmes/learning_mentor",
        json={"requirements": needs},
        headers={"Idempotency-Key": "p", "Authorization": "Bearer dev:trainer:uk-london:tom"},
    )
    left = example(MentorLeft).model_copy(update={"left_on": UNTIL - 91 * DAY})
    await training.hear("assignments", example(MentorEngaged), left)
    open_before = len((await training.ask("/enrolments", mentor_id=MENTOR, state="assigned"))["items"])
    await training.pass_time(at(UNTIL - 90 * DAY))
    assert "training.CertificationWindowOpened.v1" in await training.facts()
    listed = (await training.ask("/enrolments", mentor_id=MENTOR, state="assigned"))["items"]
    assert len(listed) == open_before == 0


async def test_a_suspended_mentor_is_stood_down_until_it_is_lifted(training: Served) -> None:
    await clear(training, MENTOR)
    why = {"reason_code": "under_investigation"}
    done = await training.done(f"/mentors/{MENTOR}/suspension", why, **COMPLIANCE)
    assert done["facts"] == ["training.MentorSuspended.v1", "training.MentorStoodDown.v1"]
    found = await stands(training, MENTOR)
    assert (found["state"], found["stands"], found["deployable"]) == ("suspended", "suspended", False)
    assert [short["detail"] for short in found["shortfalls"]] == ["suspended since 2026-01-05"]
    (listed,) = (await training.ask("/mentors", state="suspended"))["items"]
    assert (listed["suspended_on"], listed["suspended_because"]) == ("2026-01-05", "under_investigation")
    training.clock.at = at(TODAY + 3 * DAY, 9)
    await training.done(f"/mentors/{MENTOR}/suspension/lifting", **COMPLIANCE)
    found = await stands(training, MENTOR)
    assert (found["state"], found["since"]) == ("deployable", "2026-01-08")
    assert (await stands(training, MENTOR, on="2026-01-07"))["stands"] == "suspended"
    again = await training.command(f"/mentors/{MENTOR}/suspension/lifting", **COMPLIANCE)
    assert again.json()["facts"] == []
    assert (await training.command(f"/mentors/{MENTOR}/suspension", why, role="mentor")).status_code == 403


async def test_what_was_known_then_and_what_is_known_now(training: Served) -> None:
    await clear(training, MENTOR, "identity")
    assert (await stands(training, MENTOR))["state"] == "vetting"
    before = training.clock.at
    training.clock.at = at(TODAY + 2 * DAY, 9)
    await record(training, MENTOR, "identity")
    known = await training.ask(
        f"/mentors/{MENTOR}/evidence", role="auditor", on=TODAY, known_at=before.isoformat()
    )
    assert (known["deployable"], [short["item"] for short in known["shortfalls"]]) == (False, ["identity"])
    now = await training.ask(f"/mentors/{MENTOR}/evidence", role="auditor", on=TODAY)
    assert now["deployable"], "the document was dated that day, and is on record by now"
    identity = next(item for item in now["items"] if item["item"] == "identity")["proofs"][0]
    assert (identity["kind"], identity["seen_by"]) == ("original", "compliance:ruth")
    assert [(entry["what"], entry["seen_by"]) for entry in identity["entries"]] == [
        ("ClearanceRecorded", "compliance:ruth")
    ]
    slt = next(item for item in now["items"] if item["item"] == "slt")["proofs"][0]
    assert slt["record"] == "withheld"
    seen = await training.ask(f"/mentors/{MENTOR}/evidence", role="compliance", on=TODAY)
    assert next(item for item in seen["items"] if item["item"] == "slt")["proofs"][0]["record"] == "sheet 7"
    assert [entry["what"] for entry in slt["entries"]] == ["TrainingCompleted", "CertificationGranted"]
    assert [entry["recorded_by"] for entry in slt["entries"]] == ["trainer:ruth", "policy:certify"]
    training.clock.at = at(TODAY + 5 * DAY, 9)
    why = {"kind": "identity", "issued_on": str(TODAY), "reason": "another's"}
    await training.done(f"/mentors/{MENTOR}/clearances/withdrawal", why, **COMPLIANCE)
    assert (await stands(training, MENTOR))["shortfalls"][0]["status"] == "withdrawn"
    was = await stands(training, MENTOR, known_at=at(TODAY + 4 * DAY).isoformat(), on=TODAY + 4 * DAY)
    assert (was["state"], was["since"], was["deployable"]) == ("deployable", "2026-01-07", True)
    answer = await training.get(f"/mentors/{MENTOR}/evidence", role="trainer")
    assert answer.status_code == 403


async def test_compliance_alone_certifies_for_a_while_and_spares_a_course(training: Served) -> None:
    courses = await clear(training, MENTOR, "ot", "bed")
    body = {"track": "ot", "valid_until": "2026-03-01", "reason": "The course was called off."}
    path = f"/mentors/{MENTOR}/certifications/temporary"
    assert (await training.command(path, body, role="manager")).status_code == 403
    await training.done(path, body, **COMPLIANCE)
    enrolled = await training.done(
        "/enrolments",
        {"mentor_id": str(MENTOR), "course_id": courses["bed"], "due_on": "2026-03-01"},
        **TRAINER,
    )
    spare = {
        "reason": "equivalent_qualification",
        "evidence": "diploma 7",
        "counts_for": "certification",
        "valid_until": "2026-12-31",
    }
    path = f"/enrolments/{enrolled['enrolment_id']}/waiver"
    assert (await training.command(path, spare, **TRAINER)).status_code == 403
    too_long = await training.command(path, {**spare, "valid_until": "2027-01-05"}, **COMPLIANCE)
    assert (too_long.status_code, too_long.json()["code"]) == (422, "invalid_valid_until")
    await training.done(path, spare, **COMPLIANCE)
    found = await stands(training, MENTOR)
    assert found["state"] == "deployable"
    kinds = {item["item"]: item["proofs"][0]["kind"] for item in found["items"] if item["proofs"]}
    assert (kinds["ot"], kinds["bed"], kinds["slt"]) == ("temporary", "waived", "full")
    (shown,) = (await training.ask("/enrolments", state="waived"))["items"]
    assert (shown["waived_by"], shown["counts_for"]) == ("compliance:ruth", "certification")
