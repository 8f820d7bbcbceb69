"""What was known when: a pure fold, the same on every machine."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import strategies as st

import shared.contracts.all  # noqa: F401
from services.audit.replay.answer import canonical, sealed
from services.audit.replay.child import fold, state
from services.audit.replay.reading import read
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned
from shared.contracts.assignments.child import (
    ChildAccepted,
    ChildActivated,
    ChildExited,
    ChildPaused,
    ChildResumed,
    ProvisionSpecified,
)
from shared.contracts.assignments.support_request import SupportRequestReceived
from shared.contracts.eligibility import CLEARANCES, TRACKS
from shared.contracts.fact import Fact
from shared.contracts.notifications.notification import NotificationAcknowledged, NotificationRequested
from shared.contracts.sessions.session import SessionCancelled, SessionScheduled
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged
from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded
from shared.contracts.training.standing import MentorCleared, MentorStoodDown
from tests.audit.history import stored
from tests.support.examples import example, house_contracts
from tests.support.people import CHILD, MENTOR

AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
BEGINS = date(2026, 9, 7)


def known(*facts: Fact) -> Any:
    rows = [{"body": stored(fact, AT), "position": number} for number, fact in enumerate(facts, start=1)]
    found, unread = read(rows)
    assert not unread
    return fold(CHILD, found)


def on(day: date, *facts: Fact) -> dict[str, Any]:
    return state(known(*facts), day)


ASSIGNED = example(MentorAssigned).model_copy(update={"effective_from": BEGINS})
GRANTED = example(CertificationGranted)


def everything_in_date() -> list[Fact]:
    clearances: list[Fact] = [
        example(ClearanceRecorded).model_copy(
            update={"kind": kind, "issued_on": date(2025, 1, 1), "recheck_due_on": None}
        )
        for kind in CLEARANCES
    ]
    tracks = [
        GRANTED.model_copy(
            update={
                "certification_id": UUID(int=number),
                "track": track,
                "valid_from": date(2026, 1, 1),
                "valid_until": date(2026, 12, 31),
            }
        )
        for number, track in enumerate(TRACKS)
    ]
    return [*clearances, *tracks]


def compliance(day: date, *facts: Fact) -> Any:
    (mentor,) = on(day, ASSIGNED, *facts)["mentors"]
    return mentor["compliance"]


def test_a_child_nobody_accepted_yet_is_requested_and_then_accepted() -> None:
    asked, accepted = example(SupportRequestReceived), example(ChildAccepted)
    assert on(asked.received_at.date(), asked, accepted)["status"] == "requested"
    assert on(accepted.accepted_on, asked, accepted)["status"] == "accepted"
    assert on(asked.received_at.date() - timedelta(days=1), asked)["status"] == "unknown"


def test_a_child_rests_goes_on_and_leaves() -> None:
    paused, resumed, exited = example(ChildPaused), example(ChildResumed), example(ChildExited)
    facts = (example(ChildAccepted), example(ChildActivated), paused, resumed, exited)
    assert on(paused.paused_from - timedelta(days=1), *facts)["status"] == "active"
    assert on(paused.paused_from, *facts)["status"] == "paused"
    assert on(resumed.resumed_on, *facts)["status"] == "active"
    assert on(exited.exited_on, *facts)["status"] == "exited"


def test_the_provision_is_the_one_effective_that_day_even_when_a_later_one_is_already_known() -> None:
    first = example(ProvisionSpecified).model_copy(update={"effective_from": BEGINS, "minutes_per_week": 600})
    later = first.model_copy(update={"effective_from": BEGINS + timedelta(days=30), "minutes_per_week": 900})
    corrected = first.model_copy(update={"minutes_per_week": 700})
    assert on(BEGINS + timedelta(days=29), first, later)["provision"]["minutes_per_week"] == 600
    assert on(BEGINS + timedelta(days=30), first, later)["provision"]["minutes_per_week"] == 900
    assert on(BEGINS, first, corrected)["provision"]["minutes_per_week"] == 700
    assert on(BEGINS - timedelta(days=1), first)["provision"] is None


def test_support_runs_from_its_first_day_to_the_day_before_its_end() -> None:
    ended = example(AssignmentEnded).model_copy(update={"ended_on": BEGINS + timedelta(days=10)})
    days = [
        bool(on(BEGINS + timedelta(days=offset), ASSIGNED, ended)["mentors"]) for offset in (-1, 0, 9, 10)
    ]
    assert days == [False, True, True, False]


def test_the_evidence_is_reckoned_for_the_day_asked_about() -> None:
    facts = everything_in_date()
    assert compliance(date(2026, 12, 31), *facts) == {
        "cleared_by_training": None,
        "in_date": True,
        "lacking": [],
    }
    lapsed = compliance(date(2027, 1, 1), *facts)
    assert not lapsed["in_date"]
    assert [found["item"] for found in lapsed["lacking"]] == list(TRACKS)
    assert {found["since"] for found in lapsed["lacking"]} == {"2027-01-01"}


def test_a_revoked_certification_counts_up_to_the_day_before() -> None:
    revoked = example(CertificationRevoked).model_copy(
        update={"certification_id": UUID(int=1), "revoked_on": date(2026, 10, 1)}
    )
    facts = [*everything_in_date(), revoked]
    assert compliance(date(2026, 9, 30), *facts)["in_date"]
    (lacking,) = compliance(date(2026, 10, 1), *facts)["lacking"]
    assert (lacking["status"], lacking["since"]) == ("withdrawn", "2026-10-01")


def test_trainings_own_decision_stands_beside_our_reckoning() -> None:
    cleared = example(MentorCleared).model_copy(update={"cleared_on": BEGINS - timedelta(days=30)})
    down = example(MentorStoodDown).model_copy(update={"stood_down_on": BEGINS + timedelta(days=5)})
    assert compliance(BEGINS + timedelta(days=4), cleared, down)["cleared_by_training"] is True
    assert compliance(BEGINS + timedelta(days=5), cleared, down)["cleared_by_training"] is False


def test_sessions_are_counted_by_what_became_of_them() -> None:
    first = example(SessionScheduled)
    second = first.model_copy(update={"session_id": UUID(int=2)})
    ahead = first.model_copy(
        update={"session_id": UUID(int=3), "starts_at": first.starts_at + timedelta(days=9)}
    )
    cancelled = example(SessionCancelled).model_copy(update={"session_id": UUID(int=2)})
    logged = example(SessionLogged).model_copy(update={"session_id": first.session_id})
    facts = (first, second, ahead, logged, cancelled, example(RoleBoundaryBreached))
    counts = on(first.starts_at.date() + timedelta(days=1), *facts)["sessions"]
    assert counts["scheduled"] == 2
    assert (counts["logged"], counts["cancelled"]) == (1, 1)


def test_the_last_notifications_tell_whether_they_were_acknowledged() -> None:
    shown = on(BEGINS, example(NotificationRequested), example(NotificationAcknowledged))["notifications"]
    assert [found["type"] for found in shown] == ["deployability_lost"]
    assert shown[0]["acknowledged_at"] is not None


def test_what_cannot_be_read_is_counted_not_passed_over() -> None:
    body = stored(ASSIGNED, AT)
    unknown = body.replace(b"assignments.MentorAssigned.v1", b"assignments.MentorAstonished.v1")
    broken = body.replace(b'"effective_from":"2026-09-07"', b'"effective_from":"soon"')
    facts, unread = read([{"body": state, "position": 1} for state in (body, unknown, broken)])
    assert len(facts) == 1
    assert unread == {"assignments.MentorAssigned.v1": 1, "assignments.MentorAstonished.v1": 1}


def test_the_hash_is_over_everything_else_in_the_answer() -> None:
    answer = {"known_at": "2026-09-07", "state": {"b": 1, "a": "é"}}
    same = {"state": {"a": "é", "b": 1}, "known_at": "2026-09-07"}
    assert canonical(answer) == '{"known_at":"2026-09-07","state":{"a":"é","b":1}}'.encode()
    assert sealed(answer) == sealed(same)
    assert sealed({**answer, "state": {"b": 2, "a": "é"}})["result_sha256"] != sealed(answer)["result_sha256"]


every_example = st.lists(
    st.sampled_from([example(contract.model) for contract in house_contracts()]), max_size=25
)
days = st.dates(date(2025, 1, 1), date(2028, 1, 1))


@for_all(every_example, days)
def test_any_history_gives_an_answer_and_always_the_same_one(facts: list[Fact], day: date) -> None:
    assert canonical(on(day, *facts)) == canonical(on(day, *facts))


@for_all(every_example, days)
def test_a_repeated_history_tells_of_nobody_new(facts: list[Fact], day: date) -> None:
    once, twice = on(day, *facts), on(day, *facts, *facts)
    assert [mentor["mentor_id"] for mentor in twice["mentors"]] in ([], [str(MENTOR)])
    assert once["sessions"]["scheduled"] == twice["sessions"]["scheduled"]


def test_cover_is_over_on_the_day_that_was_agreed_though_nobody_has_said_so_yet() -> None:
    cover = ASSIGNED.model_copy(update={"role": "cover", "effective_until": BEGINS + timedelta(days=2)})
    assert [mentor["role"] for mentor in on(BEGINS + timedelta(days=1), cover)["mentors"]] == ["cover"]
    assert on(BEGINS + timedelta(days=2), cover)["mentors"] == []
