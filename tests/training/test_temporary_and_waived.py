"""Certified without the course: for a while, or because it need not be taken."""

from dataclasses import replace
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from services.training.domain.certifications import GrantByWaiver, GrantCertification
from services.training.domain.compliance import compliance
from services.training.domain.temporary import GrantTemporarily
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.standing import MentorCleared
from tests.support.given import given
from tests.support.people import MENTOR
from tests.training.evidence import FROM, UNTIL, everything, granted

DAY = timedelta(days=1)
KEY, NEXT = (uuid5(NAMESPACE_URL, name) for name in ("temporary", "next"))
GRANT = GrantTemporarily(KEY, MENTOR, "ot", FROM + 89 * DAY, "The course was called off.", FROM)


def test_a_track_is_certified_for_a_while_and_clears_the_mentor() -> None:
    given_, cleared = given(compliance, *everything("ot")).when(GRANT).facts
    assert isinstance(given_, CertificationGranted)
    assert (given_.kind, given_.valid_from, given_.valid_until) == ("temporary", FROM, FROM + 89 * DAY)
    assert (given_.enrolment_id, given_.window_opens_on, given_.reason) == (None, None, GRANT.reason)
    assert isinstance(cleared, MentorCleared)
    given(compliance).when(GRANT, GRANT).then_nothing()


def test_a_while_is_90_days_at_most_and_has_a_reason() -> None:
    given(compliance).when(replace(GRANT, valid_until=FROM + 90 * DAY)).refused(
        "invalid_valid_until", "90 days"
    )
    given(compliance).when(replace(GRANT, valid_until=FROM - DAY)).refused("invalid_valid_until")
    given(compliance).when(replace(GRANT, reason=" ")).refused("invalid_reason")


def test_neither_induction_nor_safeguarding_is_put_off() -> None:
    given(compliance).when(replace(GRANT, track="safeguarding")).refused("invalid_track")
    given(compliance).when(replace(GRANT, track="induction")).refused("invalid_track")


def test_one_while_does_not_follow_another() -> None:
    on = FROM + 85 * DAY
    again = replace(GRANT, certification_id=NEXT, valid_until=FROM + 100 * DAY, on=on)
    given(compliance).when(GRANT, again).refused("temporary_used", "completed")
    completed = GrantCertification(uuid5(NAMESPACE_URL, "full"), MENTOR, "ot", NEXT, on, 1, on)
    later = on + 60 * DAY
    once_more = replace(again, on=later, valid_until=later + 30 * DAY)
    assert given(compliance).when(GRANT, completed, once_more).refusal is None


def test_what_is_certified_for_long_needs_no_bridge_and_what_ends_soon_is_carried_on() -> None:
    held = granted("ot")
    given(compliance, held).when(replace(GRANT, on=FROM + DAY)).refused("already_certified")
    bridge = replace(GRANT, on=UNTIL - 10 * DAY, valid_until=UNTIL + 30 * DAY)
    (found,) = given(compliance, held).when(bridge).facts
    assert isinstance(found, CertificationGranted)
    assert found.valid_from == UNTIL + DAY


def test_a_while_earns_no_time_for_the_course_that_follows() -> None:
    on = FROM + 40 * DAY
    completed = GrantCertification(NEXT, MENTOR, "ot", NEXT, on, 12, on)
    (found,) = given(compliance).when(GRANT, completed).facts
    assert isinstance(found, CertificationGranted)
    assert (found.valid_from, found.renews) == (on, None)


def test_a_waiver_certifies_up_to_its_last_day() -> None:
    waive = GrantByWaiver(KEY, MENTOR, "ot", NEXT, FROM, UNTIL, FROM)
    found, cleared = given(compliance, *everything("ot")).when(waive).facts
    assert isinstance(found, CertificationGranted)
    assert (found.kind, found.valid_from, found.valid_until) == ("waived", FROM, UNTIL)
    assert found.window_opens_on == UNTIL - 90 * DAY
    assert isinstance(cleared, MentorCleared)
    given(compliance).when(waive, waive).then_nothing()
