"""An assignment interrupted, handed over and ended: what may follow what."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import (
    AcceptOffer,
    Activate,
    BeginCover,
    BeginHandover,
    EndAssignment,
    OfferMentor,
    OverrideHandover,
    PauseAssignment,
    RecordHandover,
    ResumeAssignment,
    StandAside,
    StandBack,
)
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    AssignmentResumed,
    MentorAssigned,
    PrimaryStoodAside,
)
from shared.contracts.assignments.handover import HandoverBegun, HandoverOverridden, HandoverRecorded
from shared.kernel.decider import Refused
from tests.assignments.claimed import House
from tests.assignments.story import ADA, AT, GRACE, NEXT_MONDAY, another, proofs
from tests.support.given import given
from tests.support.people import ASSIGNMENT

ENDS = date(2026, 12, 19)
BEGUN = (OfferMentor(ASSIGNMENT, ADA, GRACE, AT), AcceptOffer(AT), Activate(ADA, GRACE, NEXT_MONDAY, AT))
FACTS = tuple(fact for n in range(1, 4) for fact in given(assignment).when(*BEGUN[:n]).facts)
PAUSE = PauseAssignment("child_in_hospital", date(2026, 10, 5), date(2026, 10, 19))
RESUME = ResumeAssignment(date(2026, 10, 12))
HAND_OVER = RecordHandover("Picture cards before a change of room.", None, AT)
OVERRIDE = OverrideHandover("mentor_unavailable", "manager:amira", AT)
END = EndAssignment("replaced", ENDS)
COVER = another("cover")


def test_support_is_interrupted_and_goes_on() -> None:
    (paused,) = given(assignment, *FACTS).when(PAUSE).facts
    assert isinstance(paused, AssignmentPaused)
    given(assignment, *FACTS, paused).when(PAUSE).then_nothing()
    given(assignment, *FACTS, paused).when(replace(PAUSE, reason="other")).refused("assignment_paused")
    (resumed,) = given(assignment, *FACTS, paused).when(RESUME).facts
    assert isinstance(resumed, AssignmentResumed)
    assert resumed.paused_from == PAUSE.paused_from
    given(assignment, *FACTS, paused, resumed).when(RESUME).then_nothing()
    given(assignment, *FACTS, paused, resumed).when(PAUSE).refused("invalid_paused_from", "2026-10-12")
    given(assignment, *FACTS).when(RESUME).refused("assignment_active")
    given(assignment, *FACTS, paused).when(ResumeAssignment(date(2026, 10, 4))).refused("invalid_resumed_on")
    given(assignment, *FACTS).when(replace(PAUSE, paused_from=date(2026, 9, 6))).refused(
        "invalid_paused_from"
    )
    given(assignment, *FACTS).when(replace(PAUSE, review_on=date(2026, 9, 8))).refused("invalid_review_on")


def test_a_paused_primary_keeps_the_child_and_leaves_the_days() -> None:
    held = {
        claim.key.partition(":")[0]: claim.until for claim in given(assignment, *FACTS).when(PAUSE).claims
    }
    assert held["child"] is None
    assert str(held["with"])[:10] == "2026-10-05"


def test_the_primary_stands_aside_for_cover_and_back_again() -> None:
    days = (date(2026, 9, 6), NEXT_MONDAY, date(2026, 9, 9))
    aside = StandAside(COVER, days, "mentor_absent", AT)
    answered = given(assignment, *FACTS).when(aside)
    (stood,) = answered.facts
    assert isinstance(stood, PrimaryStoodAside)
    assert stood.days == days[1:], "before support began there is nothing to stand aside from"
    spans = sorted(
        (str(claim.since)[:10], str(claim.until)[:10]) for claim in answered.claims if "with" in claim.key
    )
    assert spans == [("2026-09-08", "2026-09-09"), ("2026-09-10", "None")]
    given(assignment, *FACTS, stood).when(aside).then_nothing()
    back = given(assignment, *FACTS, stood).when(StandBack(COVER, days, AT))
    assert [str(claim.since)[:10] for claim in back.claims if "with" in claim.key] == ["2026-09-07"]
    given(assignment, *FACTS, stood).when(StandBack(another("other"), days, AT)).then_nothing()


def test_a_handover_begins_is_recorded_and_the_support_ends() -> None:
    begin = BeginHandover(ENDS - timedelta(days=1), "replaced", AT)
    (begun,) = given(assignment, *FACTS).when(begin).facts
    assert isinstance(begun, HandoverBegun)
    given(assignment, *FACTS, begun).when(begin).then_nothing()
    given(assignment, *FACTS, begun).when(PAUSE).refused("handover_begun")
    (recorded,) = given(assignment, *FACTS, begun).when(HAND_OVER).facts
    assert isinstance(recorded, HandoverRecorded)
    given(assignment, *FACTS, begun, recorded).when(HAND_OVER).then_nothing()
    given(assignment, *FACTS, begun, recorded).when(OVERRIDE).then_nothing()
    (ended,) = given(assignment, *FACTS, begun, recorded).when(END).facts
    assert isinstance(ended, AssignmentEnded)
    given(assignment).when(HAND_OVER).refused("assignment_not_active")
    given(assignment, *FACTS, ended).when(begin).refused("assignment_ended")


@pytest.fixture
def house() -> House:
    """Grace's support of Ada has ended."""
    house = House()
    for command in (*BEGUN, END):
        house.tell(assignment, ASSIGNMENT, command)
    return house


def begins(house: House, on: date) -> None:
    """Noor is to follow."""
    noor, link = replace(GRACE, mentor_id=another("Noor")), another("Noor supports Ada")
    for command in (OfferMentor(link, ADA, noor, AT), AcceptOffer(AT), Activate(ADA, noor, on, AT)):
        house.tell(assignment, link, command)


def test_the_next_primary_waits_for_the_handover(house: House) -> None:
    with pytest.raises(Refused, match="handover_due"):
        begins(house, ENDS)
    with pytest.raises(Refused, match="handover_due"):
        begins(house, ENDS + timedelta(days=400))
    house.tell(assignment, ASSIGNMENT, HAND_OVER)
    begins(house, ENDS)


def test_or_for_somebody_who_answers_for_there_being_none(house: House) -> None:
    (overridden,) = house.tell(assignment, ASSIGNMENT, OVERRIDE)
    assert isinstance(overridden, HandoverOverridden)
    assert overridden.overridden_by == "manager:amira"
    begins(house, ENDS)


def test_what_was_made_in_error_or_undone_leaves_nothing_to_hand_over() -> None:
    for end in (EndAssignment("made_in_error", ENDS), EndAssignment("replaced", NEXT_MONDAY)):
        house = House()
        for command in (*BEGUN, end):
            house.tell(assignment, ASSIGNMENT, command)
        begins(house, ENDS)


def test_cover_begins_through_the_gate_for_fixed_days_and_has_no_pause_and_no_handover() -> None:
    days = (NEXT_MONDAY, date(2026, 9, 8))
    noor = replace(GRACE, mentor_id=another("Noor"))
    begin = BeginCover(another("link"), COVER, ADA, noor, days, date(2026, 9, 9))
    (assigned,) = given(assignment).when(begin).facts
    assert isinstance(assigned, MentorAssigned)
    assert (assigned.role, assigned.effective_until, assigned.cover_id) == ("cover", date(2026, 9, 9), COVER)
    assert given(assignment).when(begin).claims == frozenset(), "the cover itself holds its days"
    lapsed = replace(noor, evidence=proofs("bed"))
    given(assignment).when(replace(begin, mentor=lapsed)).refused("BED training missing")
    given(assignment, assigned).when(PAUSE).refused("assignment_is_cover")
    given(assignment, assigned).when(HAND_OVER).refused("assignment_is_cover")
    given(assignment, assigned).when(EndAssignment("replaced", date(2026, 9, 10))).refused("invalid_ended_on")
    given(assignment, assigned).when(StandAside(another("c"), days, "other", AT)).then_nothing()
