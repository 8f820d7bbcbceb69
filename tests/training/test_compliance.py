"""Whether a mentor may be with a child, decided by what was shown."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from services.training.domain.certifications import (
    ExpireCertification,
    GrantCertification,
    RevokeCertification,
)
from services.training.domain.clearances import LapseClearance, RecordClearance
from services.training.domain.compliance import Review, compliance
from shared.contracts.eligibility import Shortfall
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationGranted,
    CertificationRevoked,
)
from shared.contracts.training.clearance import ClearanceLapsed
from shared.contracts.training.standing import MentorCleared, MentorStoodDown
from tests.support.given import given
from tests.support.people import MENTOR
from tests.training.evidence import CLEARED, FROM, UNTIL, certification, everything, granted, recorded

DAY = timedelta(days=1)
NEXT = uuid5(NAMESPACE_URL, "certification:next")


def grant(completed_on: date, certification_id: UUID = NEXT, months: int | None = 12) -> GrantCertification:
    return GrantCertification(certification_id, MENTOR, "slt", NEXT, completed_on, months, completed_on)


def next_slt(
    granted_on: date, valid_from: date, valid_until: date, renews: UUID | None = None
) -> CertificationGranted:
    return CertificationGranted(
        certification_id=NEXT,
        mentor_id=MENTOR,
        track="slt",
        kind="full",
        enrolment_id=NEXT,
        granted_on=granted_on,
        valid_from=valid_from,
        valid_until=valid_until,
        renews=renews,
        window_opens_on=max(valid_from, valid_until - 90 * DAY),
        renew_by=valid_until - 14 * DAY,
        reason=None,
    )


def stood_down(on: date, *reasons: Shortfall) -> MentorStoodDown:
    return MentorStoodDown(mentor_id=MENTOR, stood_down_on=on, reasons=reasons)


def test_the_last_missing_proof_clears_the_mentor_in_the_same_decision() -> None:
    given(compliance, *everything("slt")).when(grant(FROM)).then(next_slt(FROM, FROM, UNTIL), CLEARED)


def test_with_something_missing_nobody_is_cleared() -> None:
    answer = given(compliance, *everything("slt", "identity")).when(grant(FROM))
    answer.then(next_slt(FROM, FROM, UNTIL))


def test_an_expired_track_stands_the_mentor_down_in_the_same_decision() -> None:
    expired = CertificationExpired(
        certification_id=certification("slt"), mentor_id=MENTOR, track="slt", expired_on=UNTIL + DAY
    )
    alone = [*everything("slt", "ot", "bed", "safeguarding"), granted("slt")]
    others = [granted(track, UNTIL + 9 * DAY) for track in ("ot", "bed", "safeguarding")]
    answer = given(compliance, *alone, *others, CLEARED).when(
        ExpireCertification(certification("slt"), UNTIL + DAY)
    )
    answer.then(expired, stood_down(UNTIL + DAY, Shortfall("slt", "lapsed", UNTIL + DAY)))


def test_a_certification_does_not_expire_before_its_day_or_twice() -> None:
    expire = ExpireCertification(certification("slt"), UNTIL)
    given(compliance, *everything(), CLEARED).when(expire).then_nothing()
    late = ExpireCertification(certification("slt"), UNTIL + DAY)
    given(compliance, *everything(), CLEARED).when(late, late).then_nothing()


def test_renewing_early_loses_no_time() -> None:
    on = UNTIL - 40 * DAY
    renewed = next_slt(on, UNTIL + DAY, date(2028, 1, 4), renews=certification("slt"))
    given(compliance, *everything(), CLEARED).when(grant(on)).then(renewed)
    over = ExpireCertification(certification("slt"), UNTIL + DAY)
    answer = given(compliance, *everything(), CLEARED, renewed).when(over)
    assert not [fact for fact in answer.facts if isinstance(fact, CertificationExpired)]


def test_years_cannot_be_piled_up_by_completing_again_and_again() -> None:
    on = FROM + 10 * DAY
    given(compliance, *everything(), CLEARED).when(grant(on)).then(next_slt(on, on, date(2027, 1, 14)))


def test_a_period_ends_on_the_last_day_of_a_shorter_month() -> None:
    completed = date(2027, 8, 31)
    given(compliance).when(grant(completed, months=6)).then(next_slt(completed, completed, date(2028, 2, 28)))


def test_granting_again_grants_nothing() -> None:
    given(compliance).when(grant(FROM), grant(FROM)).then_nothing()


def test_a_revoked_certification_stands_the_mentor_down() -> None:
    on = FROM + DAY
    revoke = RevokeCertification(certification("ot"), "not theirs", on)
    revoked = CertificationRevoked(
        certification_id=certification("ot"), mentor_id=MENTOR, track="ot", revoked_on=on, reason="not theirs"
    )
    answer = given(compliance, *everything(), CLEARED).when(revoke)
    answer.then(revoked, stood_down(on, Shortfall("ot", "withdrawn", on)))
    given(compliance, *everything(), CLEARED).when(revoke, revoke).then_nothing()


def test_only_what_was_granted_can_be_revoked() -> None:
    given(compliance, *everything()).when(RevokeCertification(NEXT, "why", FROM)).refused(
        "certification_unknown"
    )
    blank = RevokeCertification(certification("ot"), " ", FROM)
    given(compliance, *everything()).when(blank).refused("invalid_reason")


def test_after_a_revocation_the_renewed_period_clears_the_mentor_on_its_first_day() -> None:
    renewed = next_slt(UNTIL - DAY, UNTIL + DAY, date(2028, 1, 4))
    others = [granted(track, UNTIL + 9 * DAY) for track in ("ot", "bed", "safeguarding")]
    history = [*everything("slt", "ot", "bed", "safeguarding"), granted("slt"), *others, CLEARED, renewed]
    revoke = RevokeCertification(certification("slt"), "not theirs", UNTIL)
    assert isinstance(given(compliance, *history).when(revoke).facts[-1], MentorStoodDown)
    cleared = MentorCleared(mentor_id=MENTOR, cleared_on=UNTIL + DAY)
    given(compliance, *history).when(revoke, Review(UNTIL + DAY)).then(cleared)


def test_a_lapsed_clearance_stands_the_mentor_down_and_a_newer_one_clears_again() -> None:
    due = FROM + 30 * DAY
    history = [*everything("dbs_enhanced"), recorded("dbs_enhanced", due), CLEARED]
    lapse = LapseClearance("dbs_enhanced", due + DAY)
    lapsed = ClearanceLapsed(mentor_id=MENTOR, kind="dbs_enhanced", lapsed_on=due + DAY)
    down = stood_down(due + DAY, Shortfall("dbs_enhanced", "lapsed", due + DAY))
    given(compliance, *history).when(lapse).then(lapsed, down)
    given(compliance, *history).when(lapse, lapse).then_nothing()
    again = RecordClearance(MENTOR, "dbs_enhanced", due, due, None, "67890", due + 3 * DAY)
    answer = given(compliance, *history, lapsed, down).when(again)
    assert answer.facts[-1] == MentorCleared(mentor_id=MENTOR, cleared_on=due + 3 * DAY)
    shorter = replace(again, recheck_due_on=due + 9 * DAY)
    once_more = given(compliance, *history, lapsed, down).when(
        shorter, LapseClearance("dbs_enhanced", due + 10 * DAY)
    )
    assert [type(fact) for fact in once_more.facts] == [ClearanceLapsed, MentorStoodDown]


def test_a_clearance_that_was_rechecked_in_time_does_not_lapse() -> None:
    due = FROM + 30 * DAY
    newer = RecordClearance(MENTOR, "dbs_enhanced", due, due, None, "67890", due)
    history = [*everything("dbs_enhanced"), recorded("dbs_enhanced", due), CLEARED]
    given(compliance, *history).when(newer, LapseClearance("dbs_enhanced", due + DAY)).then_nothing()


def test_a_due_time_that_fires_late_does_not_undo_what_was_renewed_meanwhile() -> None:
    on = UNTIL + 5 * DAY
    others = [granted(track, UNTIL + 90 * DAY) for track in ("ot", "bed", "safeguarding")]
    history = [*everything("slt", "ot", "bed", "safeguarding"), granted("slt"), *others, CLEARED]
    answer = given(compliance, *history).when(
        grant(on), ExpireCertification(certification("slt"), UNTIL + DAY)
    )
    assert [type(fact) for fact in answer.facts] == [CertificationExpired]
    assert answer.state.deployable


def test_evidence_from_the_future_is_refused() -> None:
    tomorrow = FROM + DAY
    record = RecordClearance(MENTOR, "identity", tomorrow, None, None, "1", FROM)
    given(compliance).when(record).refused("invalid_issued_on")
    checked = RecordClearance(MENTOR, "identity", FROM, tomorrow, None, "1", FROM)
    given(compliance).when(checked).refused("invalid_last_status_check_on")
    overdue = RecordClearance(MENTOR, "identity", FROM, None, FROM - DAY, "1", FROM)
    given(compliance).when(overdue).refused("invalid_recheck_due_on")
    given(compliance).when(RecordClearance(MENTOR, "identity", FROM, None, None, "", FROM)).refused(
        "reference"
    )
