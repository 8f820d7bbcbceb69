"""A search for cover: three forms, taken in whole or in part, declined, given back, cancelled, given up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.assignments.domain.cover import cover
from services.assignments.domain.cover_asking import until_last_call
from services.assignments.domain.cover_commands import (
    AcceptCover,
    CancelCover,
    DeclineCover,
    ExpireCover,
    GiveBack,
    RequestCover,
)
from services.assignments.policies.standing_in import runs
from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverDeclined,
    CoverExpired,
    CoverGivenBack,
    CoverPartiallyAccepted,
    CoverRequested,
)
from tests.assignments.story import ADA, AT, GRACE, another, proofs
from tests.support.given import given
from tests.support.people import ASSIGNMENT, MENTOR

COVER = another("cover")
DAYS = tuple(date(2026, 9, 7) + timedelta(days=n) for n in range(3))
NOOR, PETER = (replace(GRACE, mentor_id=another(name)) for name in ("Noor", "Peter"))
EXPIRES = until_last_call(DAYS, AT)

ask = RequestCover(COVER, ADA, ASSIGNMENT, MENTOR, "broadcast", (), DAYS, "mentor_absent", EXPIRES, AT)
(requested,) = given(cover).when(ask).facts
individual = replace(ask, form="individual", asked=(PETER.mentor_id, NOOR.mentor_id))
(one_by_one,) = given(cover).when(individual).facts
agree = AcceptCover(NOOR, (), AT)


def test_cover_is_asked_for_by_the_day() -> None:
    assert isinstance(requested, CoverRequested)
    assert (requested.days, requested.absent_mentor_id) == (DAYS, MENTOR)
    given(cover, requested).when(ask).then_nothing()
    given(cover, requested).when(replace(ask, days=DAYS[:1])).refused("cover_already_requested")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"days": ()}, "invalid_days"),
        ({"days": (date(2026, 8, 31),)}, "invalid_days"),
        ({"days": tuple(DAYS[0] + timedelta(days=n) for n in range(61))}, "invalid_days"),
        ({"asked": (NOOR.mentor_id,)}, "invalid_asked"),
        ({"form": "individual"}, "invalid_asked"),
        ({"form": "assigned", "asked": (NOOR.mentor_id, PETER.mentor_id)}, "invalid_asked"),
        ({"form": "individual", "asked": (MENTOR,)}, "cover_by_absent_mentor"),
        ({"expires_at": AT}, "invalid_expires_at"),
        ({"child": replace(ADA, school_id=None)}, "child_not_accepted"),
    ],
)
def test_what_nobody_could_cover_is_not_asked_for(wrong: dict[str, object], code: str) -> None:
    given(cover).when(replace(ask, **wrong)).refused(code)  # type: ignore[arg-type]


def test_whoever_is_first_has_all_the_days() -> None:
    answered = given(cover, requested).when(agree)
    (accepted,) = answered.facts
    assert isinstance(accepted, CoverAccepted)
    assert accepted.days == DAYS
    assert {claim.key.partition(":")[0] for claim in answered.claims} == {"asked", "mentor", "with"}
    given(cover, requested, accepted).when(agree).then_nothing()
    given(cover, requested, accepted).when(replace(agree, mentor=PETER)).refused("cover_closed")


def test_some_of_the_days_are_as_welcome_and_somebody_else_takes_the_rest() -> None:
    first = given(cover, requested).when(replace(agree, days=DAYS[:1]))
    (part,) = first.facts
    assert isinstance(part, CoverPartiallyAccepted)
    assert (part.days, part.days_left) == (DAYS[:1], DAYS[1:])
    given(cover, requested, part).when(replace(agree, mentor=PETER, days=DAYS[:2])).refused(
        "cover_day_gone", "2026-09-07"
    )
    (rest,) = given(cover, requested, part).when(replace(agree, mentor=PETER)).facts
    assert isinstance(rest, CoverAccepted)
    assert rest.days == DAYS[1:]


def test_cover_passes_the_same_gate_on_each_of_its_days() -> None:
    unready = replace(NOOR, evidence=proofs("slt"))
    given(cover, requested).when(replace(agree, mentor=unready)).refused("SLT training missing")
    leaves = replace(NOOR, left_on=DAYS[2])
    given(cover, requested).when(replace(agree, mentor=leaves)).refused("mentor_left")
    assert given(cover, requested).when(replace(agree, mentor=leaves, days=DAYS[:2])).refusal is None
    absent = replace(NOOR, absences=((DAYS[1], DAYS[2]),))
    given(cover, requested).when(replace(agree, mentor=absent)).refused("mentor_absent", "2026-09-08")
    away = replace(NOOR, leaves=((DAYS[0], None),))
    given(cover, requested).when(replace(agree, mentor=away)).refused("mentor_on_leave")


def test_who_is_away_does_not_stand_in_for_themselves() -> None:
    given(cover, requested).when(replace(agree, mentor=GRACE)).refused("cover_by_absent_mentor")


def test_individually_one_is_asked_after_the_other() -> None:
    given(cover, one_by_one).when(agree).refused("cover_not_asked", "somebody else is asked first")
    given(cover, one_by_one).when(replace(agree, mentor=replace(NOOR, mentor_id=another("X")))).refused(
        "cover_not_asked"
    )
    (declined,) = given(cover, one_by_one).when(DeclineCover(PETER.mentor_id, AT)).facts
    assert isinstance(declined, CoverDeclined)
    assert declined.next_asked == NOOR.mentor_id
    assert given(cover, one_by_one, declined).when(agree).refusal is None
    (last,) = given(cover, one_by_one, declined).when(DeclineCover(NOOR.mentor_id, AT)).facts
    assert isinstance(last, CoverDeclined)
    assert (last.next_asked, last.days_given_up) == (None, DAYS)
    given(cover, one_by_one, declined, last).when(agree).refused("cover_closed")


def test_days_given_back_are_looked_for_anew_by_whoever_may() -> None:
    (accepted,) = given(cover, requested).when(agree).facts
    back = GiveBack(NOOR.mentor_id, DAYS[1:], "mentor_absent", AT)
    answered = given(cover, requested, accepted).when(back)
    (given_back,) = answered.facts
    assert isinstance(given_back, CoverGivenBack)
    assert given_back.days_left == DAYS[1:]
    given(cover, requested, accepted, given_back).when(back).then_nothing()
    (rest,) = given(cover, requested, accepted, given_back).when(replace(agree, mentor=PETER)).facts
    assert isinstance(rest, CoverAccepted)
    assert rest.days == DAYS[1:]


def test_what_is_not_needed_is_cancelled_and_what_is_covered_may_stay() -> None:
    (part,) = given(cover, requested).when(replace(agree, days=DAYS[:1])).facts
    keep = CancelCover("mentor_is_back", DAYS, False, AT)
    (cancelled,) = given(cover, requested, part).when(keep).facts
    assert isinstance(cancelled, CoverCancelled)
    assert (cancelled.days, cancelled.days_kept) == (DAYS[1:], DAYS[:1])
    everything = given(cover, requested, part).when(replace(keep, taken_too=True))
    assert everything.claims == frozenset()
    given(cover, requested, part, cancelled).when(keep).then_nothing()


def test_what_nobody_took_is_given_up_in_time_and_not_before() -> None:
    given(cover, requested).when(ExpireCover(EXPIRES - timedelta(minutes=1))).then_nothing()
    (expired,) = given(cover, requested).when(ExpireCover(EXPIRES)).facts
    assert isinstance(expired, CoverExpired)
    assert expired.days_left == DAYS
    assert given(cover, requested).when(ExpireCover(EXPIRES)).claims == frozenset()
    given(cover, requested).when(replace(agree, at=EXPIRES)).refused("cover_closed")
    given(cover, requested, expired).when(CancelCover("mentor_is_back", DAYS, False, AT)).then(
        CoverCancelled(
            cover_id=COVER,
            child_id=ADA.child_id,
            school_id=requested.model_dump()["school_id"],
            days=DAYS,
            days_left=(),
            days_kept=(),
            reason="mentor_is_back",
            cancelled_at=AT,
        )
    )


def test_days_that_follow_each_other_are_one_run_also_over_a_weekend() -> None:
    thursday = date(2026, 9, 10)
    week = [thursday + timedelta(days=n) for n in (0, 1, 4, 6)]
    assert runs(week) == [(week[0], week[1], week[2]), (week[3],)]
