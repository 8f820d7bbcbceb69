"""Before something ends it is said: the window, the days left, the day to have renewed by."""

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from services.training.domain.certifications import (
    ExpireCertification,
    GrantCertification,
    RevokeCertification,
)
from services.training.domain.clearances import RecordClearance, WithdrawClearance
from services.training.domain.compliance import compliance
from services.training.domain.ladder import OpenWindow, TellExpiring, TellOverdue, TellRecheck
from services.training.domain.periods import Renewing
from services.training.projections import falling_due as due
from shared.contracts.training.certification import (
    CertificationExpiring,
    CertificationGranted,
    CertificationOverdue,
    CertificationWindowOpened,
)
from shared.contracts.training.clearance import ClearanceExpiring, ClearanceRecorded
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put
from tests.support.given import given
from tests.support.people import MENTOR
from tests.training.evidence import FROM, UNTIL, certification, granted, recorded

DAY = timedelta(days=1)
SLT = certification("slt")
NEXT = uuid5(NAMESPACE_URL, "certification:next")
held = granted("slt").model_copy(update={"window_opens_on": UNTIL - 90 * DAY, "renew_by": UNTIL - 14 * DAY})


def renew(on: date) -> GrantCertification:
    return GrantCertification(NEXT, MENTOR, "slt", NEXT, on, 12, on)


def test_the_window_opens_once_and_on_its_day() -> None:
    opened = CertificationWindowOpened(
        certification_id=SLT, mentor_id=MENTOR, track="slt", valid_until=UNTIL, opened_on=UNTIL - 90 * DAY
    )
    given(compliance, held).when(OpenWindow(SLT, UNTIL - 91 * DAY)).then_nothing()
    given(compliance, held).when(OpenWindow(SLT, UNTIL - 90 * DAY)).then(opened)
    given(compliance, held, opened).when(OpenWindow(SLT, UNTIL - 90 * DAY)).then_nothing()


def test_each_rung_is_told_once_while_nothing_follows() -> None:
    for left in (90, 60, 30, 7, 0):
        told = CertificationExpiring(
            certification_id=SLT, mentor_id=MENTOR, track="slt", days_left=left, valid_until=UNTIL
        )
        on = UNTIL - left * DAY
        tell = TellExpiring(SLT, left, on)
        given(compliance, held).when(tell).then(told)
        given(compliance, held, told).when(tell).then_nothing()
        given(compliance, held).when(TellExpiring(SLT, left, on - DAY)).then_nothing()
        given(compliance, held).when(renew(UNTIL - 90 * DAY), tell).then_nothing()


def test_who_has_not_renewed_by_the_day_is_overdue_and_still_certified() -> None:
    late = UNTIL - 13 * DAY
    overdue = CertificationOverdue(
        certification_id=SLT, mentor_id=MENTOR, track="slt", renew_by=UNTIL - 14 * DAY, valid_until=UNTIL
    )
    given(compliance, held).when(TellOverdue(SLT, late - DAY)).then_nothing()
    given(compliance, held).when(TellOverdue(SLT, late)).then(overdue)
    given(compliance, held).when(renew(UNTIL - 20 * DAY), TellOverdue(SLT, late)).then_nothing()


def test_nothing_is_told_of_what_was_taken_back_or_is_over() -> None:
    revoke = RevokeCertification(SLT, "another's", UNTIL - 95 * DAY)
    given(compliance, held).when(revoke, OpenWindow(SLT, UNTIL - 90 * DAY)).then_nothing()
    expire = ExpireCertification(SLT, UNTIL + DAY)
    given(compliance, held).when(expire, TellExpiring(SLT, 0, UNTIL + DAY)).then_nothing()


def test_when_the_renewal_is_taken_back_the_ladder_goes_on() -> None:
    revoke = RevokeCertification(NEXT, "another's", UNTIL - 40 * DAY)
    facts = given(compliance, held).when(
        renew(UNTIL - 80 * DAY), revoke, TellExpiring(SLT, 30, UNTIL - 30 * DAY)
    )
    assert [type(fact) for fact in facts.facts] == [CertificationExpiring]


def test_renewed_on_the_last_day_of_a_short_window_loses_no_time_and_before_it_starts_anew() -> None:
    short = Renewing(window_days=30, renew_before_days=7)
    early = GrantCertification(NEXT, MENTOR, "slt", NEXT, UNTIL - 31 * DAY, 12, UNTIL - 31 * DAY, short)
    (anew,) = given(compliance, held).when(early).facts
    assert isinstance(anew, CertificationGranted)
    assert (anew.valid_from, anew.renews) == (UNTIL - 31 * DAY, None)
    within = GrantCertification(NEXT, MENTOR, "slt", NEXT, UNTIL - 30 * DAY, 12, UNTIL - 30 * DAY, short)
    (renewed,) = given(compliance, held).when(within).facts
    assert isinstance(renewed, CertificationGranted)
    assert (renewed.valid_from, renewed.renews) == (UNTIL + DAY, SLT)
    assert renewed.valid_until == date(2028, 1, 4)
    assert (renewed.window_opens_on, renewed.renew_by) == (date(2027, 12, 5), date(2027, 12, 28))


def test_a_clearance_has_the_same_ladder_up_to_its_recheck() -> None:
    recheck_on = FROM + 200 * DAY
    seen = recorded("dbs_enhanced", recheck_on)
    for left in (90, 60, 30, 7, 0):
        told = ClearanceExpiring(
            mentor_id=MENTOR,
            kind="dbs_enhanced",
            issued_on=seen.issued_on,
            days_left=left,
            recheck_due_on=recheck_on,
        )
        tell = TellRecheck("dbs_enhanced", seen.issued_on, left, recheck_on - left * DAY)
        given(compliance, seen).when(tell).then(told)
        given(compliance, seen, told).when(tell).then_nothing()
    first = TellRecheck("dbs_enhanced", seen.issued_on, 90, recheck_on - 90 * DAY)
    newer = RecordClearance(MENTOR, "dbs_enhanced", FROM, None, None, "2", FROM)
    given(compliance, seen).when(newer, first).then_nothing()
    gone = WithdrawClearance("dbs_enhanced", seen.issued_on, "another's", FROM)
    given(compliance, seen).when(gone, first).then_nothing()
    later = RecordClearance(
        MENTOR, "dbs_enhanced", seen.issued_on, None, recheck_on + 30 * DAY, "12345", FROM
    )
    given(compliance, seen).when(later, first).then_nothing()


def rows(fact: due.Ends) -> dict[str, date]:
    """What falls due because of a fact."""
    key = uuid5(NAMESPACE_URL, "fact")
    at = datetime(2026, 1, 5, tzinfo=UTC)
    told = Recorded(fact, "training", 1, key, 1, at, key, "uk-london", "test", "test", "test")
    found: dict[str, date] = {}
    for row in due.falling_due(told):
        name = f"{row.key['kind']}:{row.key['key'].rsplit(':', 1)[-1]}"
        if isinstance(row, Drop):
            found.pop(name, None)
        else:
            assert isinstance(row, Put)
            found[name] = row.set["due_at"].date()
    return found


def test_the_due_table_holds_every_rung_that_is_still_to_come() -> None:
    found = rows(held)
    rungs = {name: day for name, day in found.items() if name.startswith(due.CERTIFICATION_LADDER)}
    assert sorted(rungs.values()) == [UNTIL - left * DAY for left in (90, 60, 30, 7, 0)]
    assert found[f"{due.CERTIFICATION_EXPIRY}:{SLT}"] == UNTIL + DAY
    assert found[f"{due.CERTIFICATION_WINDOW}:{SLT}"] == UNTIL - 90 * DAY
    assert found[f"{due.CERTIFICATION_OVERDUE}:{SLT}"] == UNTIL - 13 * DAY


def test_what_was_over_before_anybody_heard_of_it_only_expires() -> None:
    late = held.model_copy(update={"granted_on": UNTIL + 30 * DAY})
    assert list(rows(late)) == [f"{due.CERTIFICATION_EXPIRY}:{SLT}"]
    soon = held.model_copy(update={"granted_on": UNTIL - 10 * DAY})
    rungs = [day for name, day in rows(soon).items() if name.startswith(due.CERTIFICATION_LADDER)]
    assert sorted(rungs) == [UNTIL - 7 * DAY, UNTIL]


def test_a_corrected_clearance_has_the_due_times_of_its_new_day() -> None:
    seen = recorded("identity", FROM + 40 * DAY)
    assert sorted(rows(seen).values()) == [FROM + day * DAY for day in (10, 33, 40, 41)]
    assert rows(ClearanceRecorded(**{**seen.model_dump(), "recheck_due_on": None})) == {}
