"""What auditors ask is answered from the ledger alone, as of a day and as known at a moment."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.main import service
from services.audit.read_model import questions
from services.audit.read_model.eyes import BLIND, Eyes
from services.audit.read_model.questions import Evidence, Span
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    AssignmentResumed,
    MentorAssigned,
)
from shared.contracts.assignments.child import ChildAccepted, ChildExited, ProvisionSpecified
from shared.contracts.assignments.school import SchoolRegistered
from shared.contracts.eligibility import CLEARANCES, TRACKS
from shared.contracts.fact import Fact
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationRequested,
    NotificationSent,
)
from shared.contracts.notifications.recipient import RecipientRegistered
from shared.contracts.sessions.calendar import CalendarPublished, Closure, Term
from shared.contracts.sessions.ladder import SessionMissed
from shared.contracts.sessions.session import SessionCancelled, SessionScheduled, SessionStarted
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionReturned
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationExpiring,
    CertificationGranted,
    CertificationRevoked,
)
from shared.contracts.training.clearance import ClearanceRecorded
from shared.contracts.training.enrolment import TrainingAssigned, TrainingCompleted
from shared.contracts.training.standing import MentorCleared
from shared.contracts.training.view import RecordViewed
from shared.kernel import envelope
from tests.audit.history import Happened, keep
from tests.support.examples import example
from tests.support.people import CHILD, ENROLMENT, MENTOR, SCHOOL, SESSION
from tests.support.served import SEALS, served

MONDAY = date(2026, 9, 7)
DAY = timedelta(days=1)
EVER = datetime(2100, 1, 1, tzinfo=UTC)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def one(model: type[Fact], when: datetime, **changed: Any) -> Happened:
    return Happened(when, example(model).model_copy(update=changed))


def fit(mentor_id: UUID = MENTOR) -> list[Happened]:
    """Everything that is required, for good, on record since January."""
    when = at(date(2026, 1, 5))
    shown = [
        one(
            ClearanceRecorded,
            when,
            mentor_id=mentor_id,
            kind=kind,
            issued_on=when.date(),
            recheck_due_on=None,
            last_status_check_on=None,
        )
        for kind in CLEARANCES
    ]
    return shown + [
        one(
            CertificationGranted,
            when,
            mentor_id=mentor_id,
            track=track,
            certification_id=uuid5(mentor_id, track),
            enrolment_id=ENROLMENT,
            valid_from=when.date(),
            valid_until=None,
        )
        for track in TRACKS
    ]


def assigned(since: date = MONDAY, **changed: Any) -> Happened:
    return one(MentorAssigned, at(since - DAY), effective_from=since, **changed)


def session(number: int, day: date, **changed: Any) -> list[Happened]:
    """Planned a week ahead for 9 to 12 in summer time, and begun."""
    known = {"session_id": uuid5(SESSION, str(number)), "mentor_id": MENTOR, "child_id": CHILD, **changed}
    planned = one(SessionScheduled, at(day - 7 * DAY), starts_at=at(day, 8), ends_at=at(day, 11), **known)
    return [planned, one(SessionStarted, at(day, 8), started_at=at(day, 8), **known)]


def logged(number: int, day: date, **changed: Any) -> Happened:
    return one(
        SessionLogged,
        at(day, 12),
        **{"session_id": uuid5(SESSION, str(number)), "contact_minutes": 175, **changed},
    )


async def asked(
    db: AsyncConnection, question: Any, *about: Any, known_at: datetime = EVER, eyes: Eyes = BLIND
) -> Any:
    return await question(Evidence(db, known_at, eyes=eyes), *about)


async def test_1_who_supported_the_child_and_were_they_in_date_as_known_then_and_now(
    db: AsyncConnection, database_url: str
) -> None:
    revoked_later = one(
        CertificationRevoked,
        at(MONDAY + 20 * DAY),
        certification_id=uuid5(MENTOR, "ot"),
        track="ot",
        revoked_on=MONDAY + DAY,
    )
    await keep(database_url, [*fit(), one(ChildAccepted, at(MONDAY - 9 * DAY)), assigned(), revoked_later])
    on = MONDAY + 5 * DAY
    then = await asked(db, questions.who_supported, CHILD, on, known_at=at(on))
    now = await asked(db, questions.who_supported, CHILD, on)
    assert [found["mentor_id"] for found in then["mentors"]] == [str(MENTOR)]
    assert then["mentors"][0]["in_date"] is True
    assert now["mentors"][0]["in_date"] is False
    assert now["mentors"][0]["lacking"] == [
        {"item": "ot", "status": "withdrawn", "since": (MONDAY + DAY).isoformat()}
    ]
    before = await asked(db, questions.who_supported, CHILD, MONDAY - DAY)
    assert before["mentors"] == []


async def test_1_names_who_was_really_there_also_when_they_were_not_assigned(
    db: AsyncConnection, database_url: str
) -> None:
    stranger = UUID(int=8)
    told = [
        *fit(),
        one(ChildAccepted, at(MONDAY - 9 * DAY)),
        assigned(),
        *session(1, MONDAY, mentor_id=stranger),
    ]
    await keep(database_url, told)
    found = await asked(db, questions.who_supported, CHILD, MONDAY)
    assert [each["mentor_id"] for each in found["mentors"]] == [str(MENTOR)]
    assert [(each["mentor_id"], each["in_date"]) for each in found["sessions"]] == [(str(stranger), False)]
    assert (await asked(db, questions.who_supported, CHILD, MONDAY + DAY))["sessions"] == []


async def test_2_sessions_delivered_by_somebody_later_found_ineligible(
    db: AsyncConnection, database_url: str
) -> None:
    revoked_later = one(
        CertificationRevoked,
        at(MONDAY + 20 * DAY),
        certification_id=uuid5(MENTOR, "slt"),
        track="slt",
        revoked_on=MONDAY + DAY,
    )
    voided = one(SessionVoided, at(MONDAY + 3 * DAY), session_id=uuid5(SESSION, "3"))
    history = [*fit(), *session(1, MONDAY), *session(2, MONDAY + DAY), *session(3, MONDAY + 2 * DAY)]
    await keep(database_url, [*history, voided, revoked_later])
    week = Span(MONDAY, MONDAY + 7 * DAY)
    (found,) = (await asked(db, questions.delivered_by_ineligible, week))["sessions"]
    assert (found["day"], found["found_later"]) == ((MONDAY + DAY).isoformat(), True)
    assert [lacking["item"] for lacking in found["lacking"]] == ["slt"]
    known_then = await asked(db, questions.delivered_by_ineligible, week, known_at=at(MONDAY + 10 * DAY))
    assert known_then["sessions"] == []
    of_nobody = Span(MONDAY, MONDAY + 7 * DAY, "mentor", UUID(int=4))
    assert (await asked(db, questions.delivered_by_ineligible, of_nobody))["sessions"] == []


async def test_3_on_what_evidence_a_mentor_was_cleared_and_who_looked_at_it(
    db: AsyncConnection, database_url: str
) -> None:
    await keep(
        database_url,
        [
            one(TrainingCompleted, at(date(2026, 1, 4)), enrolment_id=ENROLMENT, evidence="LMS 4711"),
            *fit(),
            one(MentorCleared, at(date(2026, 1, 6)), cleared_on=date(2026, 1, 6)),
            one(RecordViewed, at(MONDAY), mentor_id=MENTOR, viewer="noor", viewed_at=at(MONDAY)),
        ],
    )
    found = await asked(db, questions.cleared_on_evidence, MENTOR, MONDAY)
    assert found["standing"]["in_date"] is True
    assert [decision["decided"] for decision in found["decisions"]] == ["cleared"]
    assert len(found["clearances"]) == len(CLEARANCES)
    assert found["clearances"][0]["seen_by"] == example(ClearanceRecorded).seen_by
    for eyes, told in ((BLIND, "withheld"), (Eyes(SEALS, frozenset({"employment"})), "LMS 4711")):
        seen = await asked(db, questions.cleared_on_evidence, MENTOR, MONDAY, eyes=eyes)
        assert {proof["evidence"] for shown in seen["certifications"] for proof in shown["earned_by"]} == {
            told
        }
    assert [(view["viewer"], view["at"]) for view in found["looked_at"]] == [("noor", at(MONDAY).isoformat())]


async def test_4_logs_late_returned_amended_or_voided_with_before_and_after(
    db: AsyncConnection, database_url: str
) -> None:
    first, second = (uuid5(SESSION, n) for n in "12")
    await keep(
        database_url,
        [
            *session(1, MONDAY),
            logged(1, MONDAY + 4 * DAY, late=True, late_reason="was ill"),
            one(SessionReturned, at(MONDAY + 5 * DAY), session_id=first),
            one(
                SessionAmended,
                at(MONDAY + 30 * DAY),
                session_id=first,
                contact_minutes_before=175,
                contact_minutes=120,
            ),
            *session(2, MONDAY + DAY),
            logged(2, MONDAY + DAY, session_id=second, late=False),
        ],
    )
    for eyes, told in ((BLIND, "withheld"), (Eyes(SEALS, frozenset({"casework"})), "was ill")):
        seen = await asked(db, questions.late_or_amended, Span(MONDAY, MONDAY + 7 * DAY), eyes=eyes)
        (found,) = seen["sessions"]
        assert [change["what"] for change in found["changes"]] == ["logged_late", "returned", "amended"]
        assert (found["changes"][0]["why"], found["changes"][0]["by"]) == (told, "coordinator:ruth")
        amended = found["changes"][2]
        assert (amended["before"]["contact_minutes"], amended["after"]["contact_minutes"]) == (175, 120)
    then = await asked(
        db, questions.late_or_amended, Span(MONDAY, MONDAY + 7 * DAY), known_at=at(MONDAY + 20 * DAY)
    )
    assert [change["what"] for change in then["sessions"][0]["changes"]] == ["logged_late", "returned"]


async def test_4_a_log_handed_in_again_shows_what_it_said_before(
    db: AsyncConnection, database_url: str
) -> None:
    first = uuid5(SESSION, "1")
    await keep(
        database_url,
        [
            *session(1, MONDAY),
            logged(1, MONDAY, late=False),
            one(SessionReturned, at(MONDAY + DAY), session_id=first),
            logged(1, MONDAY + 2 * DAY, late=False, contact_minutes=90),
        ],
    )
    (found,) = (await asked(db, questions.late_or_amended, Span(MONDAY, MONDAY + 7 * DAY)))["sessions"]
    returned, again = found["changes"]
    assert (returned["what"], returned["before"]["contact_minutes"]) == ("returned", 175)
    assert (again["what"], again["before"]["contact_minutes"]) == ("logged_again", 175)
    assert again["after"]["contact_minutes"] == 90


async def test_5_nothing_is_owed_after_the_child_has_left_and_days_without_a_mentor_are_a_reason(
    db: AsyncConnection, database_url: str
) -> None:
    elsewhere = one(
        CalendarPublished,
        at(MONDAY - DAY),
        scope="region",
        scope_key="uk-leeds",
        school_year=2026,
        terms=(Term(name="Autumn", starts_on=MONDAY + 90 * DAY, ends_on=MONDAY + 99 * DAY),),
    )
    await keep(
        database_url,
        [
            elsewhere,
            one(ChildAccepted, at(MONDAY - 9 * DAY), accepted_on=MONDAY - 9 * DAY),
            one(ProvisionSpecified, at(MONDAY - DAY), minutes_per_week=900, effective_from=MONDAY - DAY),
            assigned(),
            one(AssignmentEnded, at(MONDAY + 3 * DAY), ended_on=MONDAY + 3 * DAY),
            one(ChildExited, at(MONDAY + 9 * DAY), exited_on=MONDAY + 9 * DAY),
        ],
    )
    found = await asked(db, questions.provision_delivered, CHILD, MONDAY, MONDAY + 21 * DAY)
    assert [week["specified"] for week in found["weeks"]] == [900, 360, 0]
    assert {reason["why"]: reason["minutes"] for reason in found["reasons"]} == {
        "not planned": 540,
        "not planned: no_primary": 360 + 360,
    }


async def test_5_provision_specified_against_delivered_with_the_reasons_for_the_gap(
    db: AsyncConnection, database_url: str
) -> None:
    calendar = one(
        CalendarPublished,
        at(MONDAY - 40 * DAY),
        scope="region",
        scope_key="uk-london",
        school_year=2026,
        terms=(Term(name="Autumn", starts_on=MONDAY, ends_on=MONDAY + 60 * DAY),),
        closures=(Closure(on=MONDAY + 8 * DAY, reason="inset_day"),),
    )
    cancelled = one(
        SessionCancelled,
        at(MONDAY + DAY),
        session_id=uuid5(SESSION, "2"),
        cancelled_by="school",
        reason="school_closed",
    )
    missed = one(
        SessionMissed, at(MONDAY + 2 * DAY, 11), session_id=uuid5(SESSION, "3"), why="nobody_started"
    )
    await keep(
        database_url,
        [
            calendar,
            one(SchoolRegistered, at(MONDAY - 30 * DAY)),
            one(
                ProvisionSpecified,
                at(MONDAY - 20 * DAY),
                minutes_per_week=900,
                effective_from=MONDAY - 20 * DAY,
            ),
            assigned(),
            *session(1, MONDAY),
            logged(1, MONDAY),
            session(2, MONDAY + DAY)[0],
            cancelled,
            session(3, MONDAY + 2 * DAY)[0],
            missed,
        ],
    )
    found = await asked(db, questions.provision_delivered, CHILD, MONDAY - 7 * DAY, MONDAY + 14 * DAY)
    # before the term nothing is due; the second week has four school days, since one is a training day
    assert [week["specified"] for week in found["weeks"]] == [0, 900, 720]
    assert (found["planned"], found["delivered"], found["undelivered"]) == (540, 175, 1445)
    assert {reason["why"]: reason["minutes"] for reason in found["reasons"]} == {
        "not planned": 360 + 720,
        "cancelled by school: school_closed": 180,
        "missed: nobody_started": 180,
        "shorter than planned": 5,
    }
    assert sum(reason["minutes"] for reason in found["reasons"]) == found["undelivered"]
    assert found["calendar_known"] is True


async def test_6_every_period_without_a_primary_and_who_covered(
    db: AsyncConnection, database_url: str
) -> None:
    cover = {"assignment_id": UUID(int=7), "mentor_id": UUID(int=8), "role": "cover"}
    await keep(
        database_url,
        [
            one(ChildAccepted, at(MONDAY - 3 * DAY), accepted_on=MONDAY - 2 * DAY),
            assigned(),
            one(AssignmentPaused, at(MONDAY + 4 * DAY), paused_from=MONDAY + 5 * DAY),
            one(AssignmentResumed, at(MONDAY + 6 * DAY), resumed_on=MONDAY + 7 * DAY),
            one(AssignmentEnded, at(MONDAY + 9 * DAY), ended_on=MONDAY + 10 * DAY),
            assigned(MONDAY + 11 * DAY, effective_until=MONDAY + 12 * DAY, **cover),
        ],
    )
    found = await asked(db, questions.without_primary, CHILD, MONDAY - 5 * DAY, MONDAY + 14 * DAY)
    assert [(gap["why"], gap["from"], gap["until"]) for gap in found["periods"]] == [
        ("no_primary", (MONDAY - 2 * DAY).isoformat(), MONDAY.isoformat()),
        ("paused", (MONDAY + 5 * DAY).isoformat(), (MONDAY + 7 * DAY).isoformat()),
        ("no_primary", (MONDAY + 10 * DAY).isoformat(), (MONDAY + 14 * DAY).isoformat()),
    ]
    assert found["periods"][2]["covered_by"] == [
        {"mentor_id": str(UUID(int=8)), "days": [(MONDAY + 11 * DAY).isoformat()]}
    ]


async def test_7_any_use_of_a_mentor_for_a_whole_class(db: AsyncConnection, database_url: str) -> None:
    await keep(
        database_url,
        [
            one(RoleBoundaryBreached, at(MONDAY), attempted_at=at(MONDAY)),
            one(RoleBoundaryBreached, at(MONDAY + 9 * DAY), attempted_at=at(MONDAY + 9 * DAY)),
        ],
    )
    week = (MONDAY, MONDAY + 7 * DAY)
    for span in (Span(*week), Span(*week, "school", SCHOOL), Span(*week, "child", CHILD)):
        (attempt,) = (await asked(db, questions.whole_class_use, span))["attempts"]
        assert (attempt["mentor_id"], attempt["exact"]) == (str(MENTOR), "/audit/facts/sessions/1")
    assert (await asked(db, questions.whole_class_use, Span(*week, "child", UUID(int=3))))["attempts"] == []


async def test_8_which_alerts_fired_before_a_lapse_and_how_long_until_somebody_acted(
    db: AsyncConnection, database_url: str
) -> None:
    recipient = example(RecipientRegistered).recipient_id
    warned = one(CertificationExpiring, at(MONDAY), track="slt", days_left=30)
    before = await keep(database_url, [warned])
    told = one(
        NotificationRequested,
        at(MONDAY),
        type="certification_expiring",
        cause=envelope.read(before["training", 1]).id,
        mentor_id=MENTOR,
    )
    number = example(NotificationRequested).notification_id
    await keep(
        database_url,
        [
            told,
            one(NotificationSent, at(MONDAY, 10), notification_id=number, mentor_id=MENTOR),
            one(NotificationAcknowledged, at(MONDAY, 11), notification_id=number, mentor_id=MENTOR),
            one(RecipientRegistered, at(MONDAY - DAY)),
            one(CertificationExpired, at(MONDAY + 31 * DAY), track="slt"),
            one(CertificationGranted, at(MONDAY + 33 * DAY), track="slt"),
            one(CertificationExpired, at(MONDAY + 31 * DAY), track="ot"),
        ],
        before,
    )
    found = await asked(db, questions.alerts_before, MENTOR, "slt")
    (lapse,) = found["lapses"]
    assert lapse["lapsed_at"] == at(MONDAY + 31 * DAY).isoformat()
    (warning,) = lapse["warnings"]
    assert (warning["days_left"], warning["told"][0]["minutes_to_acknowledge"]) == (30, 120)
    assert lapse["action"] == {
        "what": "CertificationGranted",
        "at": at(MONDAY + 33 * DAY).isoformat(),
        "by": "coordinator:ruth",
        "hours_after_first_warning": 33 * 24,
    }
    assert found["recipients"] == {str(recipient): example(RecipientRegistered).role}


async def test_8_tells_to_whom_it_was_passed_on_and_takes_no_rule_for_somebody_who_acts(
    db: AsyncConnection, database_url: str
) -> None:
    warned = one(CertificationExpiring, at(MONDAY), track="slt", days_left=30)
    before = await keep(database_url, [warned])
    coordinator, manager = UUID(int=1), UUID(int=2)
    request = {"type": "certification_expiring", "mentor_id": MENTOR}
    await keep(
        database_url,
        [
            one(
                NotificationRequested,
                at(MONDAY),
                notification_id=coordinator,
                cause=envelope.read(before["training", 1]).id,
                **request,
            ),
            one(
                NotificationRequested,
                at(MONDAY + DAY),
                notification_id=manager,
                cause=UUID(int=3),
                escalated_from=coordinator,
                **request,
            ),
            one(NotificationAcknowledged, at(MONDAY + DAY, 10), notification_id=manager, mentor_id=MENTOR),
            Happened(at(MONDAY), example(TrainingAssigned), actor="policy:assign_renewal"),
            one(CertificationExpired, at(MONDAY + 31 * DAY), track="slt"),
        ],
        before,
    )
    (lapse,) = (await asked(db, questions.alerts_before, MENTOR, "slt"))["lapses"]
    told = lapse["warnings"][0]["told"]
    assert [(each["escalated_from"], each["minutes_to_acknowledge"]) for each in told] == [
        (None, None),
        (str(coordinator), 60),
    ]
    assert lapse["action"] is None


async def test_a_fact_of_a_newer_version_than_this_program_knows_is_told_as_unread(
    db: AsyncConnection, database_url: str
) -> None:
    kept = await keep(database_url, [one(ChildAccepted, at(MONDAY)), assigned()])
    await db.execute(text("UPDATE facts SET type = 'assignments.MentorAssigned.v2' WHERE position = 2"))
    newer = kept["assignments", 2].replace(b"MentorAssigned.v1", b"MentorAssigned.v2")
    await db.execute(text("UPDATE facts SET body = :body WHERE position = 2"), {"body": newer})
    evidence = Evidence(db, EVER)
    await questions.who_supported(evidence, CHILD, MONDAY)
    assert evidence.unread == 1


async def test_an_answer_says_what_it_rests_on_and_is_the_same_again(database_url: str) -> None:
    async with served(service, database_url, at(MONDAY + 50 * DAY)) as audit:
        await keep(database_url, [one(ChildAccepted, at(MONDAY)), assigned()])
        query = {"child_id": CHILD, "on": MONDAY, "known_at": at(MONDAY + 2 * DAY).isoformat()}
        first = await audit.ask("/questions/who-supported", role="auditor", name="noor", **query)
        again = await audit.ask("/questions/who-supported", role="auditor", name="noor", **query)
        assert first == again
        assert first["rests_on"]["positions"] == {"assignments": 2}
        assert first["question"].startswith("1. Who supported")
        await audit.settle()
        (viewed, _) = (await audit.ask(f"/views/children/{CHILD}", role="auditor"))["items"]
    assert (viewed["viewer"], viewed["record"]) == ("noor", "/audit/questions/who-supported")


async def test_a_question_about_everybody_is_about_a_month_at_most(database_url: str) -> None:
    async with served(service, database_url, at(MONDAY)) as audit:
        path = "/questions/whole-class-use"
        days: dict[str, Any] = {"from": MONDAY, "to": MONDAY + 40 * DAY}
        refused = await audit.get(path, role="auditor", **days)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "to")
        assert (await audit.get(path, role="auditor", mentor_id=MENTOR, **days)).status_code == 200
        both = await audit.get(path, role="auditor", mentor_id=MENTOR, child_id=CHILD, **days)
        assert both.json()["errors"][0]["field"] == "mentor_id"
        for since, until in ((date.min, MONDAY), (MONDAY, date.max)):
            days = {"from": since, "to": until, "child_id": CHILD}
            assert (await audit.get("/questions/without-primary", role="auditor", **days)).status_code == 422
        days = {"from": MONDAY, "to": MONDAY + 40 * DAY}
        backwards = await audit.get(path, role="auditor", **{**days, "to": MONDAY})
        assert backwards.status_code == 422
        assert (await audit.get(path, role="mentor", **days)).status_code == 403
