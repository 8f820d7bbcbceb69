"""Statements over HTTP: what they complete, what taking them back revokes, and each of them once."""

import asyncio
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from services.training.main import service
from services.training.xapi.looking import rests_on_voided
from services.training.xapi.meaning import COMPLETED, FAILED, PASSED
from services.training.xapi.policy import unlearn_late
from shared.contracts.training.certification import CertificationGranted
from shared.kernel.envelope import read
from shared.kernel.recorded import Recorded
from tests.support.people import MENTOR
from tests.support.served import Served, served
from tests.training.erasing import erase, own_keys
from tests.training.showing import TRAINER
from tests.training.xapi.stating import course, fetch, mentor, send, stated, statement, voiding

COMPLETION, GRANTED = "training.TrainingCompleted.v1", "training.CertificationGranted.v1"
REVOKED = "training.CertificationRevoked.v1"


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else 0


async def assigned(training: Served, course_id: str) -> str:
    body = {"mentor_id": str(MENTOR), "course_id": course_id, "due_on": "2026-03-01"}
    found: str = (await training.done("/enrolments", body, **TRAINER))["enrolment_id"]
    return found


async def enrolment(training: Served, enrolment_id: str) -> tuple[str, Any]:
    found = await training.ask(f"/enrolments/{enrolment_id}")
    return found["state"], found["evidence"] or found["failed_on"]


async def test_a_statement_completes_the_course_and_names_itself_as_the_evidence(training: Served) -> None:
    course_id = await course(training)
    open_one = await assigned(training, course_id)
    one = statement(course_id, PASSED, result={"success": True, "score": {"scaled": 0.9}})
    answer = await send(training, one)
    assert (answer.status_code, answer.json()) == (200, [one["id"]])
    assert answer.headers["x-experience-api-version"] == "1.0.3"
    assert await enrolment(training, open_one) == ("completed", f"xapi:{one['id']}")
    assert (await training.facts()).count(GRANTED) == 1
    told = (await fetch(training, f"statements/{one['id']}/outcome")).json()
    assert (told["means"], told["outcome"], told["enrolment_id"]) == ("completed", "completed", open_one)
    assert await training.parked() == 0


async def test_what_nobody_had_assigned_is_recorded_too_and_completed_with_no_success_fails(
    training: Served,
) -> None:
    course_id = await course(training)
    one = statement(course_id)
    assert (await send(training, one)).status_code == 200
    told = (await fetch(training, f"statements/{one['id']}/outcome")).json()
    assert await enrolment(training, told["enrolment_id"]) == ("completed", f"xapi:{one['id']}")
    for verb, result in ((FAILED, {}), (COMPLETED, {"success": False})):
        again = await assigned(training, course_id)
        await send(training, statement(course_id, verb, result=result))
        assert (await enrolment(training, again))[0] == "failed", (verb, result)


async def test_a_statement_that_means_nothing_here_is_kept_and_nothing_follows(training: Served) -> None:
    course_id = await course(training)
    before = len(await training.facts())
    kept = [
        statement(course_id, "http://adlnet.gov/expapi/verbs/attempted"),
        statement(course_id, PASSED, result={"success": False}),
        statement(course_id, object={"id": "https://elsewhere.example/a/course"}),
        statement(course_id, object={"objectType": "Agent", "mbox": "mailto:x@example.org"}),
        statement(str(uuid4())),
        statement(course_id, timestamp="2026-02-01T08:00:00Z"),
    ]
    assert (await send(training, kept)).status_code == 200
    assert (await training.facts())[before:] == ["training.LearningStated.v1"] * len(kept)
    assert await stated(training) == [one["id"] for one in reversed(kept)]


async def test_voiding_a_statement_revokes_what_it_certified(training: Served) -> None:
    course_id = await course(training)
    one = statement(course_id)
    await send(training, one)
    gone = voiding(one["id"])
    assert (await send(training, gone)).status_code == 200
    assert (await training.facts()).count(REVOKED) == 1
    (period,) = (await training.ask("/certifications", mentor_id=MENTOR))["items"]
    assert period["state"] == "revoked"
    assert (await fetch(training, statementId=one["id"])).status_code == 404
    found = (await fetch(training, voidedStatementId=one["id"])).json()
    assert (found["id"], found["actor"]) == (one["id"], one["actor"])
    assert await stated(training) == [gone["id"]]
    assert await stated(training, verb=COMPLETED) == [gone["id"]], "it is about one that matches"
    again = await send(training, voiding(gone["id"]))
    assert (again.status_code, again.json()["errors"][0]["field"]) == (400, "object")


async def test_a_statement_that_is_voided_in_the_same_request_completes_nothing(training: Served) -> None:
    course_id = await course(training)
    one = statement(course_id)
    assert (await send(training, [one, voiding(one["id"])])).status_code == 200
    facts = await training.facts()
    assert facts.count(GRANTED) == facts.count(REVOKED), "granted before it was heard of, and revoked at once"
    unknown = await send(training, voiding(str(uuid4())))
    assert (unknown.status_code, unknown.json()["code"]) == (409, "statement_unknown")


async def test_what_is_granted_after_its_statement_was_voided_is_revoked_all_the_same(
    training: Served,
) -> None:
    """The two policies need not wait for each other: whichever comes last revokes."""
    course_id = await course(training)
    one = statement(course_id)
    await send(training, one)
    event = next(each for each in await training.running.store.read(0) if each.topic == GRANTED)
    fact = CertificationGranted.model_validate_json(bytes(read(event.state).data))
    granted = Recorded(
        fact,
        "training",
        event.position,
        event.stream,
        event.version,
        training.clock.at,
        uuid4(),
        "",
        "",
        "",
        "",
    )
    for voided in (False, True):
        async with training.running.engine.begin() as db:
            if voided:
                await db.execute(text("UPDATE statements SET voided_by = statement_id"))
            late = await rests_on_voided(db, granted)
        issued = [issue.command for issue in unlearn_late(granted, late)]
        assert [command.certification_id for command in issued] == [fact.certification_id] * voided


async def test_the_same_statement_again_changes_nothing_and_another_under_its_id_is_refused(
    training: Served,
) -> None:
    course_id = await course(training)
    one = statement(course_id)
    assert (await send(training, one)).json() == [one["id"]]
    before = len(await training.facts())
    described = {**one, "verb": {"id": COMPLETED, "display": {"fr": "fini"}}, "version": "1.0.0"}
    for same in (one, described):
        assert (await send(training, same)).json() == [one["id"]]
        put = await send(training, same, method="PUT", statementId=one["id"])
        assert (put.status_code, put.content) == (204, b"")
    other = {**one, "result": {"success": False}}
    fresh = statement(course_id)
    for body in (other, [fresh, other]):
        refused = await send(training, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "statement_differs")
    assert len(await training.facts()) == before
    assert (await fetch(training, statementId=fresh["id"])).status_code == 404


async def test_a_request_is_taken_whole_or_not_at_all(training: Served) -> None:
    course_id = await course(training)
    before = len(await training.facts())
    good = statement(course_id)
    for bad, status in (
        (statement(course_id, actor=mentor("nobody")), 403),
        (statement(course_id, actor=mentor(home="https://elsewhere.example")), 403),
        (statement(course_id, actor={"mbox": "mailto:stranger@example.org"}), 403),
        (statement(course_id, actor={"objectType": "Group", "member": [mentor()]}), 403),
        (statement(course_id, verb="completed"), 400),
        (statement(course_id, result={"extensions": {"a:b": nested(300)}}), 400),
        (good, 400),
    ):
        answer = await send(training, [good, bad])
        assert answer.status_code == status, answer.text
    assert len(await training.facts()) == before


async def test_a_mentor_is_known_by_account_by_address_and_by_its_hash(training: Served) -> None:
    course_id = await course(training)
    mark = sha1(b"mailto:grace.okafor@example.org", usedforsecurity=False).hexdigest()
    for actor in (
        mentor(),
        {"mbox": "mailto:Grace.Okafor@example.org"},
        {"mbox_sha1sum": mark.upper()},
    ):
        one = statement(course_id, actor=actor)
        assert (await send(training, one)).status_code == 200, actor
        told = (await fetch(training, f"statements/{one['id']}/outcome")).json()
        assert told["mentor_id"] == str(MENTOR)


async def test_what_a_statement_says_lies_sealed_in_no_table_and_is_told_to_who_may_see_names(
    training: Served,
) -> None:
    course_id = await course(training)
    actor = {"name": "Graceqanary Okafor", "mbox": "mailto:grace.okafor@example.org"}
    more = {
        "actor": actor,
        "context": {"instructor": {"mbox": "mailto:qanary.tutor@example.org"}, "platform": "qanary"},
        "object": {"id": "https://lms.example/qanary/jane", "definition": {"name": {"en": "qanary"}}},
    }
    one = statement(course_id, "https://verbs.example/qanary", **more)
    await send(training, [one, statement(course_id)])
    await send(training, voiding(one["id"]))
    async with training.running.engine.connect() as db:
        names = (await db.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).all()
        assert {"statements", "stored_events", "claims"} <= set(names)
        for name in names:
            rows = (await db.scalars(text(f'SELECT t::text FROM "{name}" t'))).all()
            said = " ".join(rows).lower()
            for canary in ("qanary", b"qanary".hex(), "grace.okafor@example.org"):
                assert canary not in said or name == "mentors", f"{canary} in {name}"
    whole = (await fetch(training, voidedStatementId=one["id"])).json()
    assert (whole["actor"], whole["context"]) == (actor, more["context"])

    # Who may not see names gets the mentor's id, the verb and the course.
    one = statement(course_id, actor=actor)
    await send(training, one)
    answer = await fetch(training, role="integrator", statementId=one["id"])
    assert answer.json()["actor"] == mentor()
    assert answer.json()["version"] == "1.0.0"
    assert (answer.json()["verb"], answer.json()["object"]["id"]) == ({"id": COMPLETED}, one["object"]["id"])
    assert "qanary" not in answer.text


async def test_of_many_who_send_the_same_at_once_one_is_recorded(training: Served) -> None:
    course_id = await course(training)
    one = statement(course_id)
    other = {**one, "result": {"success": False}}
    answers = await asyncio.gather(
        *(send(training, one) for _ in range(6)), *(send(training, other) for _ in range(2))
    )
    assert (await training.facts()).count("training.LearningStated.v1") == 1
    told = [answer.status_code for answer in answers]
    assert set(told) == {200, 409}, told
    assert told[0] == 200 or told[-1] == 200


async def test_of_an_erased_mentor_nothing_is_taken_and_nothing_told(database_url: str) -> None:
    keyring, sealer = own_keys()
    async with served(service, database_url, datetime(2026, 1, 5, 9, tzinfo=UTC), sealer) as training:
        course_id = await course(training)
        one = statement(course_id, actor={**mentor(), "name": "Graceqanary"})
        await send(training, one)
        await erase(training, keyring, sealer)
        answer = await fetch(training, statementId=one["id"])
        assert (answer.status_code, answer.json()["actor"]) == (200, mentor())
        assert "qanary" not in answer.text
        refused = await send(training, statement(course_id))
        assert (refused.status_code, refused.json()["code"]) == (409, "subject_erased")
        assert refused.headers["x-experience-api-version"] == "1.0.3"
