"""What outranks the wish to be forgotten, who has to agree, and that nothing held is ever erased."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import strategies as st

from services.audit.records.domain.certificate import Certify, certificate
from services.audit.records.domain.commands import (
    ApproveErasure,
    Command,
    DecideErasure,
    EndRetention,
    LiftHold,
    NoteKeysDestroyed,
    PlaceHold,
    RefuseErasure,
    RequestErasure,
    Subject,
)
from services.audit.records.domain.deciding import record
from services.audit.records.domain.retention import kept_until
from shared.contracts.audit.certificate import Acknowledged
from shared.contracts.audit.erasure import (
    ErasureApproved,
    ErasureDecided,
    ErasureOrdered,
    ErasureRefused,
    ErasureRequested,
    KeysDestroyed,
    RetentionEnded,
)
from shared.contracts.audit.hold import LegalHoldLifted, LegalHoldPlaced
from shared.contracts.fact import Fact
from shared.contracts.words.privacy import RETENTION_CLASSES
from tests.support.given import given
from tests.support.machines import Holds, run_machine

CHILD = Subject("child", UUID(int=7))
CASE, OTHER_CASE, HOLD, OTHER_HOLD = (UUID(int=number) for number in range(1, 5))
AT = datetime(2027, 9, 1, 9, 0, tzinfo=UTC)
LEFT = date(2027, 7, 21)
SERVICES = ("assignments", "audit", "sessions")

ASK = RequestErasure(CHILD, CASE, "no_longer_necessary", RETENTION_CLASSES, "c0" * 32, "coordinator:ruth", AT)
DECIDE = DecideErasure(CASE, LEFT, (), "compliance:omar", AT)
FIRST = ApproveErasure(CASE, LEFT, SERVICES, "manager:dawn", AT)
SECOND = replace(FIRST, by="dsl:imani")
HELD = PlaceHold(CHILD, HOLD, ("casework",), "legal_claim", "manager:dawn", AT)
LIFTED = LiftHold(HOLD, SERVICES, "manager:dawn", AT)


def decided(*commands: Command) -> ErasureDecided:
    facts = given(record).when(*commands).facts
    return next(fact for fact in facts if isinstance(fact, ErasureDecided))


def outcomes(fact: ErasureDecided) -> dict[str, str | None]:
    return {one.keep: one.why for one in fact.decisions}


def ordered(facts: Sequence[Fact]) -> list[tuple[str, ...]]:
    return [fact.classes for fact in facts if isinstance(fact, ErasureOrdered)]


def test_what_must_be_kept_is_kept_until_its_day_and_the_rest_goes() -> None:
    found = decided(ASK, DECIDE)
    assert outcomes(found) == {
        "profile": None,
        "casework": None,
        "contact": None,
        "safeguarding": "retention_period",
        "employment": "retention_period",
    }
    until = {one.keep: one.until for one in found.decisions}
    assert until["safeguarding"] == date(2052, 7, 21)
    assert until["employment"] == date(2033, 7, 21)


def test_a_child_who_left_before_its_first_birthday_is_twenty_five_when_its_file_goes() -> None:
    assert kept_until("safeguarding", LEFT) == LEFT.replace(year=LEFT.year + 25)
    assert kept_until("safeguarding", date(2024, 2, 29)) == date(2049, 3, 1)
    assert kept_until("contact", LEFT) is None


def test_nobody_is_forgotten_who_is_still_supported() -> None:
    done = given(record).when(ASK, replace(DECIDE, ended_on=None))
    assert {one.why for one in decided(ASK, replace(DECIDE, ended_on=None)).decisions} == {"still_supported"}
    assert isinstance(done.facts[-1], ErasureRefused)
    assert done.facts[-1].why == "everything_is_kept"


def test_whoever_leaves_tomorrow_is_still_here_today() -> None:
    leaves = replace(DECIDE, ended_on=AT.date() + timedelta(days=1))
    assert decided(ASK, leaves).ended_on is None


def test_a_hold_keeps_what_it_covers_and_nothing_else() -> None:
    found = decided(HELD, ASK, DECIDE)
    assert outcomes(found)["casework"] == "legal_hold"
    assert outcomes(found)["profile"] is None


def test_two_others_than_whoever_asked_have_to_agree() -> None:
    given(record).when(ASK, DECIDE, replace(FIRST, by="manager:ruth")).refused("own_request")
    assert ordered(given(record).when(ASK, DECIDE, FIRST).facts) == []
    assert ordered(given(record).when(ASK, DECIDE, FIRST, SECOND).facts) == [
        ("profile", "casework", "contact")
    ]


def test_the_same_person_in_another_role_is_not_a_second_one() -> None:
    given(record).when(ASK, DECIDE, FIRST, replace(FIRST, by="compliance:dawn")).then_nothing()


def test_what_nobody_decided_is_not_approved() -> None:
    given(record).when(ASK, FIRST).refused("not_decided", "decide it first")


def test_a_hold_placed_after_the_decision_stops_the_second_approval() -> None:
    given(record).when(ASK, DECIDE, FIRST, HELD, SECOND).refused("legal_hold_stands")
    assert ordered(given(record).when(ASK, DECIDE, FIRST, HELD, LIFTED, SECOND).facts)


def test_a_new_decision_has_to_be_approved_anew() -> None:
    again = replace(DECIDE, recipient_ids=(UUID(int=9),))
    assert ordered(given(record).when(ASK, DECIDE, FIRST, again, SECOND).facts) == []


def test_whoever_has_come_back_is_not_forgotten_by_an_old_decision() -> None:
    given(record).when(ASK, DECIDE, replace(FIRST, ended_on=None)).refused("decision_outdated")


def test_what_is_erased_is_not_asked_for_nor_held() -> None:
    done = (ASK, DECIDE, FIRST, SECOND)
    again = replace(ASK, erasure_id=OTHER_CASE, classes=("profile",))
    given(record).when(*done, again).refused("already_erased")
    given(record).when(*done, HELD).refused("already_erased")


def test_a_part_whose_day_has_come_goes_without_being_asked_for_again() -> None:
    end = EndRetention(CASE, "employment", SERVICES, AT + timedelta(days=2200))
    done = given(record).when(ASK, DECIDE, FIRST, SECOND, end)
    ended, order = done.facts
    assert isinstance(ended, RetentionEnded)
    assert isinstance(order, ErasureOrdered)
    assert (order.classes, order.follows) == (("employment",), CASE)
    assert order.erasure_id == uuid5(CASE, "employment")


def test_a_part_whose_day_comes_under_a_hold_goes_when_the_hold_is_lifted() -> None:
    held = replace(HELD, classes=("employment",))
    end = EndRetention(CASE, "employment", SERVICES, AT + timedelta(days=2200))
    under = given(record).when(ASK, DECIDE, FIRST, SECOND, held, end)
    assert [type(fact) for fact in under.facts] == [RetentionEnded]
    lifted = given(record).when(ASK, DECIDE, FIRST, SECOND, held, end, LIFTED)
    assert [type(fact) for fact in lifted.facts] == [LegalHoldLifted, ErasureOrdered]


def test_keys_that_nobody_ordered_destroyed_are_not_noted() -> None:
    given(record).when(ASK, NoteKeysDestroyed(CASE, 3)).refused("not_ordered")


def test_a_refused_request_can_be_made_anew() -> None:
    no = RefuseErasure(CASE, "withdrawn", "compliance:omar", AT)
    again = replace(ASK, erasure_id=OTHER_CASE)
    assert isinstance(given(record).when(ASK, no, again).facts[0], ErasureRequested)


@pytest.mark.parametrize("command", [ASK, HELD])
def test_nothing_named_is_nothing_asked(command: RequestErasure | PlaceHold) -> None:
    given(record).when(replace(command, classes=())).refused("invalid_classes")


def nothing_held_is_ordered(facts: Sequence[Fact]) -> None:
    holds: dict[UUID, tuple[str, ...]] = {}
    for fact in facts:
        match fact:
            case LegalHoldPlaced():
                holds[fact.hold_id] = fact.classes
            case LegalHoldLifted():
                del holds[fact.hold_id]
            case ErasureOrdered():
                assert not set(fact.classes) & {keep for held in holds.values() for keep in held}
            case _:
                pass


def two_others_agreed_to_what_was_decided(facts: Sequence[Fact]) -> None:
    asked: dict[UUID, str] = {}
    agreed: dict[UUID, set[str]] = {}
    decisions: dict[UUID, ErasureDecided] = {}
    ended: set[tuple[UUID, str]] = set()
    for fact in facts:
        match fact:
            case ErasureRequested():
                asked[fact.erasure_id] = fact.requested_by.partition(":")[2]
            case ErasureDecided():
                agreed[fact.erasure_id], decisions[fact.erasure_id] = set(), fact
            case ErasureApproved():
                agreed[fact.erasure_id].add(fact.approved_by.partition(":")[2])
            case RetentionEnded():
                ended.add((fact.erasure_id, fact.keep))
            case ErasureOrdered():
                case = fact.follows or fact.erasure_id
                assert len(agreed[case] - {asked[case]}) == 2
                outcome = {one.keep: one.outcome for one in decisions[case].decisions}
                for keep in fact.classes:
                    assert outcome[keep] == "erase" or (case, keep) in ended
            case _:
                pass


def each_part_goes_once_and_its_keys_after_it(facts: Sequence[Fact]) -> None:
    gone: list[str] = []
    orders: set[UUID] = set()
    destroyed: set[UUID] = set()
    for fact in facts:
        if isinstance(fact, ErasureOrdered):
            gone += fact.classes
            orders.add(fact.erasure_id)
        if isinstance(fact, KeysDestroyed):
            assert fact.erasure_id in orders - destroyed
            destroyed.add(fact.erasure_id)
    assert len(gone) == len(set(gone))


@pytest.mark.parametrize("before", [(), (ASK, DECIDE, FIRST), (ASK, DECIDE, FIRST, SECOND)])
def test_whatever_is_commanded_in_any_order_the_rules_hold(before: tuple[Command, ...]) -> None:
    keeps = st.sampled_from(RETENTION_CLASSES)
    classes = st.lists(keeps, min_size=1, max_size=5).map(tuple)
    people = st.sampled_from(("manager:dawn", "dsl:imani", "compliance:dawn", "coordinator:ruth"))
    cases, holds = st.sampled_from((CASE, OTHER_CASE)), st.sampled_from((HOLD, OTHER_HOLD))
    gone, services, now = st.sampled_from((LEFT, LEFT, None)), st.just(SERVICES), st.just(AT)
    commands: st.SearchStrategy[Command] = st.one_of(
        st.sampled_from((ASK, DECIDE, FIRST, SECOND)),
        st.builds(PlaceHold, st.just(CHILD), holds, classes, st.just("inquiry"), people, now),
        st.builds(LiftHold, holds, services, people, now),
        st.builds(
            RequestErasure, st.just(CHILD), cases, st.just("objection"), classes, st.just("c0"), people, now
        ),
        st.builds(DecideErasure, cases, gone, st.just(()), people, now),
        st.builds(ApproveErasure, cases, gone, services, people, now),
        st.builds(RefuseErasure, cases, st.just("withdrawn"), people, now),
        st.builds(EndRetention, cases, keeps, services, now),
        st.builds(NoteKeysDestroyed, st.just(CASE) | st.builds(uuid5, cases, keeps), st.integers(0, 3)),
    )
    facts: list[Fact] = []
    state = record.initial
    for command in before:
        told = record.decide(state, command)
        facts += told
        state = record.fold(told, state)

    def from_the_beginning(holds: Holds) -> Holds:
        return lambda after: holds([*facts, *after])

    rules = (
        nothing_held_is_ordered,
        two_others_agreed_to_what_was_decided,
        each_part_goes_once_and_its_keys_after_it,
    )
    run_machine(
        replace(record, initial=state), commands, *map(from_the_beginning, rules), reaches=5, examples=40
    )


def test_the_record_of_a_child_and_of_a_mentor_of_one_id_are_two() -> None:
    person = uuid4()
    assert Subject("child", person).stream != Subject("mentor", person).stream
    assert Subject("child", person).named == {"child_id": person}


def test_a_certificate_waits_for_the_keyring_and_for_the_last_service() -> None:
    words = tuple(Acknowledged(service=name, position=1, rows=0) for name in SERVICES)
    order = given(record).when(ASK, DECIDE, FIRST, SECOND).facts[-1]
    assert isinstance(order, ErasureOrdered)
    ready = Certify(order, "objection", (), 3, 1, words, AT)
    given(certificate).when(replace(ready, destroyed=None)).refused("keys_not_destroyed")
    given(certificate).when(replace(ready, acknowledged=words[:2])).refused("not_acknowledged", "sessions")
    given(certificate).when(ready, ready).then_nothing()
    (given_out,) = given(certificate).when(ready).facts
    assert str(CHILD.id) not in given_out.model_dump_json()
