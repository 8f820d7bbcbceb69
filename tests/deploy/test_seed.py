"""The history that a seed gives is one that commands could have made: judged by deciders and the gate."""

from datetime import date
from functools import cache

import pytest

from deploy.seed.agency import Agency
from deploy.seed.place import STORES
from deploy.seed.scales import SCALES, Scale
from shared.contracts.fact import Fact
from tests.deploy import seeded
from tests.deploy.seeded import Streams

UNTIL = date(2026, 11, 20)
SEED = 7


# A whole year, so that certifications run out and pay periods close; small, so that it is quick.
YEAR = Scale("year", areas=1, mentors=30, children=36, school_days=190, sessions_a_day=10)


@cache
def streams() -> dict[str, Streams]:
    agency = Agency(YEAR, SEED, "uk-london", UNTIL)
    made = seeded.told(agency)
    return {service: seeded.streams(made[service], agency) for service in STORES}


def facts(service: str) -> list[Fact]:
    return [fact for found in streams()[service].values() for fact in found]


def test_there_are_thousands_of_facts_of_every_matter() -> None:
    found = [type(fact).__name__ for service in STORES for fact in facts(service)]
    assert len(found) > 20_000
    assert {
        "ChildAccepted", "SupportRequestDeclined", "SupportRequestWithdrawn", "MentorAssigned", "CoverAccepted",
        "CoverExpired", "PrimaryStoodAside", "PlanReviewDue", "TimetableExpanded", "SessionLocked", "SessionAmended",
        "SessionReturned", "SessionCancelled", "LogOverdue", "SessionOverdue", "PayPeriodClosed", "MentorCleared",
        "MentorStoodDown", "CertificationExpired", "CertificationOverdue", "HandoverRecorded", "ChildExited",
        "TrainingFailed", "NotificationRequested", "NotificationRead", "NotificationAcknowledged",
    } <= set(found)  # fmt: skip


@pytest.mark.parametrize("service", STORES)
def test_every_stream_is_one_that_its_decider_could_have_decided(service: str) -> None:
    known = seeded.deciders()
    for (aggregate, stream), found in streams()[service].items():
        ignored = list(seeded.ignored(known[service, aggregate], found))
        assert not ignored, (aggregate, stream, ignored[0])


@pytest.mark.parametrize("service", STORES)
def test_nobody_claims_what_another_holds(service: str) -> None:
    assert not list(seeded.overlapping(seeded.claimed(service, streams()[service])))


def test_no_session_began_with_the_gate_shut() -> None:
    assert not list(seeded.not_eligible(facts("training"), facts("sessions")))


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    first, again, other = (
        seeded.told(Agency(SCALES["small"], seed, "uk-london", UNTIL)) for seed in (SEED, SEED, SEED + 1)
    )
    assert first == again
    assert not set(first["sessions"]) & set(other["sessions"])
