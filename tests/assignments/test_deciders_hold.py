"""Whatever is commanded in whatever order: deciding again yields nothing, and no rule breaks."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import (
    AcceptOffer,
    Activate,
    BeginHandover,
    CancelOffer,
    EndAssignment,
    OfferMentor,
    OverrideHandover,
    PauseAssignment,
    RecordHandover,
    ResumeAssignment,
    StandAside,
    StandBack,
)
from services.assignments.domain.child import child
from services.assignments.domain.cover import cover
from services.assignments.domain.gate import ChildStanding, MentorStanding
from services.assignments.domain.mentor import mentor
from services.assignments.domain.mentor_commands import (
    Apply,
    EngageMentor,
    GoOnLeave,
    LetMentorGo,
    Profile,
    ReportAbsence,
    Return,
    SetAvailability,
    UpdateProfile,
)
from services.assignments.domain.school import RecordSchool, school
from services.assignments.domain.support_request import support_request
from shared.contracts.assignments.assignment import MentorAssigned, MentorOffered
from shared.contracts.assignments.school import SchoolDetails, SchoolRegistered
from shared.contracts.eligibility import Evidence, shortfalls
from shared.contracts.fact import Fact, contract_of
from shared.kernel.decider import Decider, Refused
from tests.assignments.story import another, proofs
from tests.support.examples import example, examples
from tests.support.people import MENTOR, SCHOOL

DAYS = st.dates(date(2026, 8, 25), date(2026, 9, 20))
TIMES = DAYS.map(lambda day: datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
CHILDREN = [another(f"child {n}") for n in range(2)]
MENTORS = [another(f"mentor {n}") for n in range(2)]
CHILD_STANDINGS = st.builds(
    ChildStanding,
    st.sampled_from(CHILDREN),
    st.none() | st.just(SCHOOL),
    st.sampled_from([True, True, False]),
)
LAPSING = (*proofs("bed"), Evidence("bed", date(2025, 1, 1), date(2026, 9, 5)))
EVIDENCE = st.sampled_from([proofs(), proofs(), LAPSING, proofs("dbs_enhanced", "bed"), ()])
LEAVES = st.sampled_from([(), (), ((date(2026, 9, 1), date(2026, 9, 8)),), ((date(2026, 9, 10), None),)])
MENTOR_STANDINGS = st.builds(
    MentorStanding,
    st.sampled_from(MENTORS),
    st.none() | st.just(date(2026, 8, 27)),
    st.none() | DAYS,
    EVIDENCE,
    LEAVES,
)

OFFERS = st.builds(OfferMentor, st.just(another("link")), CHILD_STANDINGS, MENTOR_STANDINGS, TIMES)
ACCEPTS = st.builds(AcceptOffer, TIMES)
ACTIVATIONS = st.builds(Activate, CHILD_STANDINGS, MENTOR_STANDINGS, DAYS, TIMES)
CANCELS = st.builds(CancelOffer, st.sampled_from(["school_declined", "replaced"]), TIMES)
ENDS = st.builds(EndAssignment, st.sampled_from(["child_left", "made_in_error"]), DAYS)
SOME_DAYS = st.lists(DAYS, max_size=4).map(tuple)
COVERS = st.sampled_from([another("cover 1"), another("cover 2")])
INTERRUPTIONS = (
    st.builds(PauseAssignment, st.sampled_from(["child_unwell", "other"]), DAYS, st.none() | DAYS)
    | st.builds(ResumeAssignment, DAYS)
    | st.builds(StandAside, COVERS, SOME_DAYS, TIMES)
    | st.builds(StandBack, COVERS, SOME_DAYS, TIMES)
)
HANDOVERS = (
    st.builds(BeginHandover, DAYS, st.sampled_from(["replaced", "mentor_left"]), TIMES)
    | st.builds(RecordHandover, st.sampled_from(["cards", "quiet"]), st.none(), TIMES)
    | st.builds(OverrideHandover, st.just("other"), st.just("manager:amira"), TIMES)
)
LINKS = OFFERS | ACCEPTS | ACTIVATIONS | CANCELS | ENDS | INTERRUPTIONS | HANDOVERS

SCHOOLS = st.builds(
    lambda name, status: SchoolDetails(**{**dict(example(SchoolRegistered)), "name": name, "status": status}),
    st.sampled_from(["Fernhollow", "Fernhollow Academy"]),
    st.sampled_from(["open", "closed"]),
)
PERSON = (st.just(MENTOR), st.sampled_from(["Grace", "Noor"]), st.just("g@example.org"), DAYS)
MENTOR_COMMANDS = (
    st.builds(Apply, *PERSON)
    | st.builds(EngageMentor, *PERSON)
    | st.builds(GoOnLeave, DAYS, st.none() | DAYS, st.sampled_from(["study", "parental"]))
    | st.builds(Return, DAYS)
    | st.builds(LetMentorGo, DAYS)
    | st.builds(
        SetAvailability,
        st.sampled_from([0, 600, 9000]),
        st.sampled_from([(), ("monday",), ("monday", "friday"), ("monday", "monday")]),
        DAYS,
    )
    | st.builds(UpdateProfile, st.builds(Profile, st.sampled_from([(), ("social",)])), DAYS)
    | st.builds(ReportAbsence, DAYS, DAYS, st.sampled_from(["illness", "training"]), TIMES)
)
WORLDS: list[tuple[Decider[Any, Any], st.SearchStrategy[Any]]] = [
    (assignment, LINKS),
    (school, st.builds(RecordSchool, SCHOOLS)),
    (mentor, MENTOR_COMMANDS),
]
DECIDERS = [assignment, school, mentor, child, support_request, cover]


def decide(decider: Decider[Any, Any], state: Any, command: Any) -> tuple[Fact, ...] | None:
    """Facts, or None when refused."""
    try:
        return tuple(decider.decide(state, command))
    except Refused:
        return None


@given(st.data(), st.sampled_from(WORLDS))
@settings(max_examples=200)
def test_deciding_again_yields_nothing(
    data: st.DataObject, world: tuple[Decider[Any, Any], st.SearchStrategy[Any]]
) -> None:
    decider, commands = world
    state = decider.initial
    for command in data.draw(st.lists(commands, min_size=1, max_size=12)):
        facts = decide(decider, state, command)
        if facts is None:
            continue
        state = decider.fold(facts, state)
        assert decide(decider, state, command) == ()


@given(st.data(), st.sampled_from(DECIDERS))
def test_evolve_takes_any_fact_in_any_order(data: st.DataObject, decider: Decider[Any, Any]) -> None:
    own = [
        fact
        for fact in examples().values()
        if type(fact).__module__.startswith("shared.contracts.assignments.")
    ]
    mine = [fact for fact in own if contract_of(fact).aggregate == decider.name]
    assert mine
    state = decider.fold(data.draw(st.lists(st.sampled_from(mine), max_size=8)))
    decider.claims(state)


@given(st.lists(LINKS, max_size=15))
@settings(max_examples=200)
def test_nothing_is_offered_or_begun_without_the_gate(commands: list[Any]) -> None:
    state = assignment.initial
    for command in commands:
        facts = decide(assignment, state, command) or ()
        for fact in facts:
            if isinstance(fact, MentorOffered | MentorAssigned):
                days = [command.at.date()]
                days += [command.effective_from] if isinstance(command, Activate) else []
                standing = command.mentor
                assert all(not shortfalls(standing.evidence, day) for day in days)
                assert standing.engaged_on <= min(days)
                assert standing.left_on is None or max(days) < standing.left_on
                for since, until in standing.leaves:
                    assert all(day < since or (until is not None and until <= day) for day in days)
                assert command.child.school_id == fact.school_id
                assert command.child.has_provision
        state = assignment.fold(facts, state)
