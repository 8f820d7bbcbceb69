"""No sequence of commands breaks a rule of compliance."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import NAMESPACE_URL, uuid5

from hypothesis import given as every
from hypothesis import settings
from hypothesis import strategies as st

from services.training.domain.certifications import (
    ExpireCertification,
    GrantCertification,
    RevokeCertification,
)
from services.training.domain.clearances import LapseClearance, RecordClearance
from services.training.domain.compliance import Command, Review, compliance
from services.training.domain.standing import evidence
from shared.contracts.eligibility import shortfalls
from shared.contracts.fact import Fact
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.standing import MentorCleared, MentorStoodDown
from shared.contracts.words.training import Track
from shared.kernel.decider import Refused
from tests.support.people import MENTOR
from tests.training.evidence import FROM, everything

IDS = [uuid5(NAMESPACE_URL, f"certification:{name}") for name in ("slt", "ot", "a", "b", "c")]
days_back = st.integers(0, 400)


@dataclass(frozen=True)
class Step:
    """A command, decided so many days after the one before."""

    wait: int
    command: Command


ON = date.min  # replaced by the day on which the step is taken
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        GrantCertification,
        certification_id=st.sampled_from(IDS),
        mentor_id=st.just(MENTOR),
        track=st.sampled_from(["slt", "ot"]),
        enrolment_id=st.just(IDS[0]),
        completed_on=days_back.map(lambda back: FROM + timedelta(days=back)),
        valid_months=st.sampled_from([1, 3, 12, None]),
        on=st.just(ON),
    ),
    st.builds(RevokeCertification, st.sampled_from(IDS), st.just("found wrong"), st.just(ON)),
    st.builds(ExpireCertification, st.sampled_from(IDS), st.just(ON)),
    st.builds(
        RecordClearance,
        mentor_id=st.just(MENTOR),
        kind=st.sampled_from(["dbs_enhanced", "identity"]),
        issued_on=days_back.map(lambda back: FROM - timedelta(days=back)),
        last_status_check_on=st.none(),
        recheck_due_on=st.none() | days_back.map(lambda ahead: FROM + timedelta(days=ahead)),
        reference=st.sampled_from(["1", "2"]),
        on=st.just(ON),
    ),
    st.builds(LapseClearance, st.sampled_from(["dbs_enhanced", "identity"]), st.just(ON)),
    st.builds(Review, st.just(ON)),
)
steps = st.lists(st.builds(Step, st.integers(0, 90), commands), max_size=20)


@settings(max_examples=300, deadline=None)
@every(st.booleans(), steps)
def test_a_mentor_is_deployable_exactly_when_nothing_falls_short(complete: bool, taken: list[Step]) -> None:
    facts: list[Fact] = list(everything() if complete else everything("slt", "dbs_enhanced"))
    on = FROM
    for step in taken:
        on += timedelta(days=step.wait)
        command = replace(step.command, on=on)
        before = compliance.fold(facts)
        try:
            decided = compliance.decide(before, command)
        except Refused:
            continue
        facts += decided
        after = compliance.fold(facts)
        assert after == compliance.fold(decided, before)
        assert not compliance.decide(after, command), "deciding again yields nothing"
        if decided or isinstance(command, Review | GrantCertification | RecordClearance):
            assert after.deployable == (not shortfalls(evidence(after), on))
    changes = [type(fact) for fact in facts if isinstance(fact, MentorCleared | MentorStoodDown)]
    assert all(pair[0] is not pair[1] for pair in pairwise(changes)), "they take turns"
    assert changes[:1] in ([], [MentorCleared]), "nobody is stood down who was never cleared"


@every(
    first=st.integers(0, 400).map(lambda days: FROM + timedelta(days=days)),
    months=st.integers(1, 36),
    early=st.integers(0, 90),
    track=st.sampled_from(["slt", "ot", "bed", "safeguarding"]),
)
def test_no_day_is_lost_and_none_counted_twice_by_renewing_early(
    first: date, months: int, early: int, track: Track
) -> None:
    def grant(key: int, on: date) -> GrantCertification:
        return GrantCertification(IDS[key], MENTOR, track, IDS[key], on, months, on)

    (held,) = compliance.decide(compliance.initial, grant(0, first))
    assert isinstance(held, CertificationGranted)
    assert held.valid_until
    completed_on = max(held.valid_until - timedelta(days=early), first)
    (renewed,) = compliance.decide(compliance.fold([held]), grant(1, completed_on))
    assert isinstance(renewed, CertificationGranted)
    assert renewed.valid_from == held.valid_until + timedelta(days=1)
