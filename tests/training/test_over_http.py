"""Training over HTTP, on a real database: from the first document to being stood down."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.eligibility import CLEARANCES
from tests.support.examples import example
from tests.support.people import MENTOR
from tests.support.served import Served
from tests.training.showing import COMPLIANCE, TODAY, TRAINER, clear, complete, publish, record, stands


async def test_who_shows_everything_is_cleared_and_stood_down_when_a_certification_expires(
    training: Served,
) -> None:
    courses = await clear(training, MENTOR)
    found = await stands(training, MENTOR)
    assert (found["state"], found["since"], found["deployable"], found["shortfalls"]) == (
        "deployable", "2026-01-05", True, [],
    )  # fmt: skip
    assert [item["state"] for item in found["items"]] == ["valid"] * 13
    # three renew in time, one does not
    training.clock.at = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
    for track in ("slt", "ot", "safeguarding"):
        await complete(training, MENTOR, courses[track], date(2026, 12, 10))
    await training.pass_time(datetime(2027, 1, 4, 23, 59, 59, tzinfo=UTC))
    assert (await stands(training, MENTOR))["state"] == "deployable"
    await training.pass_time(datetime(2027, 1, 5, tzinfo=UTC))
    assert (await training.facts())[-2:] == [
        "training.CertificationExpired.v1",
        "training.MentorStoodDown.v1",
    ]
    found = await stands(training, MENTOR)
    assert (found["state"], found["since"], found["deployable"]) == ("restricted", "2027-01-05", False)
    assert [short["detail"] for short in found["shortfalls"]] == ["BED training lapsed on 2027-01-05"]
    assert found["reasons"] == found["shortfalls"]
    assert (await stands(training, MENTOR, on="2027-01-04"))["deployable"]
    slt = next(item for item in found["items"] if item["item"] == "slt")
    assert [(proof["valid_from"], proof["valid_until"]) for proof in slt["proofs"]] == [
        ("2026-01-05", "2027-01-04"),
        ("2027-01-05", "2028-01-04"),
    ]
    await complete(training, MENTOR, courses["bed"], date(2027, 1, 5))
    assert (await training.facts())[-1] == "training.MentorCleared.v1"
    assert await training.parked() == 0


async def test_a_lapsing_clearance_stands_down_and_a_recheck_in_time_does_not(training: Served) -> None:
    await clear(training, MENTOR, "dbs_enhanced")
    await record(training, MENTOR, "dbs_enhanced", until=date(2026, 2, 1))
    other = uuid4()
    await clear_like(training, other)
    training.clock.at = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
    body = {
        "kind": "dbs_enhanced",
        "issued_on": "2026-01-05",
        "reference": "123",
        "recheck_due_on": "2026-08-01",
    }
    await training.done(f"/mentors/{other}/clearances", body, **COMPLIANCE)
    await training.pass_time(datetime(2026, 2, 2, 0, 0, tzinfo=UTC))
    assert (await stands(training, MENTOR))["state"] == "restricted"
    assert (await stands(training, other))["state"] == "deployable"
    restricted = await training.ask("/mentors", state="restricted")
    assert [mentor["mentor_id"] for mentor in restricted["items"]] == [str(MENTOR)]
    assert (await training.facts()).count("training.ClearanceLapsed.v1") == 1


async def clear_like(training: Served, mentor_id: UUID) -> None:
    for kind in CLEARANCES:
        await record(training, mentor_id, kind, date(2026, 2, 1) if kind == "dbs_enhanced" else None)
    for course in (await training.ask("/courses"))["items"]:
        await complete(training, mentor_id, course["course_id"], TODAY)


async def test_what_is_missing_is_named_and_a_mentor_sees_only_their_own(training: Served) -> None:
    await clear(training, MENTOR, "identity", "ot")
    found = await stands(training, MENTOR, role="mentor", name=str(MENTOR))
    assert found["state"] == "vetting"
    assert [short["item"] for short in found["shortfalls"]] == ["identity", "ot"]
    answer = await training.get(f"/mentors/{MENTOR}/compliance", role="mentor", name="somebody")
    assert answer.status_code == 403
    assert (await training.get(f"/mentors/{uuid4()}/compliance")).status_code == 404


async def test_a_revoked_certification_stands_down_at_once(training: Served) -> None:
    await clear(training, MENTOR)
    items = (await stands(training, MENTOR))["items"]
    proof = next(item for item in items if item["item"] == "ot")["proofs"][0]["proof"]
    path = f"/mentors/{MENTOR}/certifications/{proof}/revocation"
    await training.done(path, {"reason": "somebody else's"}, **COMPLIANCE)
    found = await stands(training, MENTOR)
    assert (found["state"], found["shortfalls"][0]["status"]) == ("restricted", "withdrawn")
    unknown = f"/mentors/{MENTOR}/certifications/{uuid4()}/revocation"
    answer = await training.command(unknown, {"reason": "?"}, **COMPLIANCE)
    assert (answer.status_code, answer.json()["code"]) == (409, "certification_unknown")


async def test_mentors_look_up_their_own_courses_and_certifications_and_nobody_elses(
    training: Served,
) -> None:
    await clear(training, MENTOR)
    for path in ("/enrolments", "/certifications"):
        for name, query, status in (
            (str(MENTOR), {"mentor_id": MENTOR}, 200),
            (str(MENTOR), {}, 403),
            ("None", {}, 403),
            ("somebody", {"mentor_id": MENTOR}, 403),
        ):
            answer = await training.get(path, role="mentor", name=name, **query)
            assert answer.status_code == status, (path, name, query)
    (first, *_) = (await training.ask("/enrolments", mentor_id=MENTOR))["items"]
    path = f"/enrolments/{first['enrolment_id']}"
    assert (await training.get(path, role="mentor", name=str(MENTOR))).status_code == 200
    assert (await training.get(path, role="mentor", name="somebody")).status_code == 403


async def test_the_same_key_completes_once_and_a_mentor_is_on_a_course_once(training: Served) -> None:
    course_id = await publish(training, "slt")
    body = {"mentor_id": str(MENTOR), "course_id": course_id, "due_on": "2026-03-01"}
    first = await training.command("/enrolments", body, key="k", **TRAINER)
    again = await training.command("/enrolments", body, key="k", **TRAINER)
    assert first.json()["enrolment_id"] == again.json()["enrolment_id"]
    answer = await training.command("/enrolments", body, **TRAINER)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_enrolled")
    failed = await training.done(
        f"/enrolments/{first.json()['enrolment_id']}/failure", {"failed_on": "2026-01-05"}, **TRAINER
    )
    assert failed["facts"] == ["training.TrainingFailed.v1"]
    assert (await training.command("/enrolments", body, **TRAINER)).status_code == 201
    listed = await training.ask("/enrolments", mentor_id=MENTOR)
    assert {enrolment["state"] for enrolment in listed["items"]} == {"failed", "assigned"}


async def test_courses_are_versioned_retired_and_listed_page_by_page(training: Served) -> None:
    first = await publish(training, "slt", title="Signs")
    answer = await training.command(
        "/courses", {"track": "slt", "title": "signs", "valid_months": 6}, **TRAINER
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "version_taken")
    for title in ("Blocks", "Tables"):
        await publish(training, "ot", title=title)
    await training.done(f"/courses/{first}/retirement", **TRAINER)
    body = {"mentor_id": str(MENTOR), "course_id": first, "due_on": "2026-03-01"}
    answer = await training.command("/enrolments", body, **TRAINER)
    assert answer.json()["code"] == "course_retired"
    page = await training.ask("/courses", retired=True, limit=2)
    rest = await training.ask("/courses", retired=True, limit=2, cursor=page["next"])
    titles = [course["title"] for course in (*page["items"], *rest["items"])]
    assert (titles, rest["next"]) == (["Blocks", "Tables", "Signs"], None)
    assert len((await training.ask("/courses"))["items"]) == 2
    for rubbish in ("x", "WzFd", "eyJhIjoxfQ=="):
        assert (await training.get("/courses", cursor=rubbish)).status_code == 422
        assert (await training.get("/mentors", cursor=rubbish)).status_code == 422
        assert (await training.get("/enrolments", cursor=rubbish)).status_code == 422


async def test_bad_input_names_the_field(training: Served) -> None:
    answer = await training.command("/courses", {"track": "yoga", "title": "a\0b", "version": 0}, **TRAINER)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"track", "title", "version"}
    answer = await training.command(
        "/courses", {"track": "induction", "title": "In", "valid_months": 3}, **TRAINER
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_valid_months")
    body = {"track": "slt", "title": "Signs"}
    assert (await training.command("/courses", body, role="mentor")).status_code == 403
    unknown = {"mentor_id": str(MENTOR), "course_id": str(uuid4()), "due_on": "2026-03-01"}
    assert (await training.command("/enrolments", unknown, **TRAINER)).status_code == 404


async def test_who_was_engaged_is_listed_before_showing_anything(training: Served) -> None:
    await training.hear("assignments", example(MentorEngaged), example(MentorLeft))
    (mentor,) = (await training.ask("/mentors", state="vetting"))["items"]
    assert (mentor["engaged_on"], mentor["left_on"]) == ("2025-01-06", "2027-07-24")
    assert len((await stands(training, MENTOR))["shortfalls"]) == 13


async def test_a_period_granted_ahead_clears_the_mentor_on_its_first_day(training: Served) -> None:
    courses = await clear(training, MENTOR)
    renewed_on = date(2026, 12, 30)
    training.clock.at = datetime(2026, 12, 30, 9, 0, tzinfo=UTC)
    for track in ("slt", "ot", "bed", "safeguarding"):
        await complete(training, MENTOR, courses[track], renewed_on)
    slt = next(item for item in (await stands(training, MENTOR))["items"] if item["item"] == "slt")
    running = slt["proofs"][0]["proof"]
    path = f"/mentors/{MENTOR}/certifications/{running}/revocation"
    await training.done(path, {"reason": "somebody else's"}, **COMPLIANCE)
    assert (await stands(training, MENTOR))["state"] == "restricted"
    await training.pass_time(datetime(2027, 1, 5, tzinfo=UTC))
    found = await stands(training, MENTOR)
    assert (found["state"], found["since"]) == ("deployable", "2027-01-05")
