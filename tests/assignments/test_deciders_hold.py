"""Whatever is commanded in whatever order: deciding again yields nothing, and no rule breaks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.assignments.domain.assignment import (
    Activate,
    Active,
    CancelOffer,
    EndAssignment,
    Ended,
    OfferMentor,
    assignment,
)
from services.assignments.domain.child import AcceptChild, SpecifyProvision, child
from services.assignments.domain.gate import ChildStanding, MentorStanding
from services.assignments.domain.mentor import EngageMentor, LetMentorGo, mentor
from services.assignments.domain.provision import Provision
from services.assignments.domain.school import RecordSchool, school
from services.assignments.domain.support_request import (
    AcceptRequest,
    DeclineRequest,
    ReceiveRequest,
    WithdrawRequest,
    support_request,
)
from shared.contracts.assignments.assignment import MentorAssigned, MentorOffered
from shared.contracts.assignments.school import SchoolDetails, SchoolRegistered
from shared.contracts.eligibility import Evidence, shortfalls
from shared.contracts.fact import Fact, contract_of
from shared.kernel.decider import Claim, Decider, Refused
from tests.assignments.story import another, proofs
from tests.support.examples import example, examples
from tests.support.people import CHILD, MENTOR, REQUEST, SCHOOL

DAYS = st.dates(date(2026, 8, 25), date(2026, 9, 20))
TIMES = DAYS.map(lambda day: datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
CHILDREN = [another(f"child {n}") for n in range(2)]
MENTORS = [another(f"mentor {n}") for n in range(2)]
ROLES = st.sampled_from(["primary", "primary", "cover"])
PROVISIONS = st.builds(
    Provision, st.integers(-1, 3000), st.sampled_from([(), ("social",), ("social", "academic")]), DAYS
)
CHILD_STANDINGS = st.builds(
    ChildStanding,
    st.sampled_from(CHILDREN),
    st.none() | st.just(SCHOOL),
    st.sampled_from([True, True, False]),
)
LAPSING = (*proofs("bed"), Evidence("bed", date(2025, 1, 1), date(2026, 9, 5)))
EVIDENCE = st.sampled_from([proofs(), proofs(), LAPSING, proofs("dbs_enhanced", "bed"), ()])
MENTOR_STANDINGS = st.builds(
    MentorStanding,
    st.sampled_from(MENTORS),
    st.none() | st.just(date(2026, 8, 27)),
    st.none() | DAYS,
    EVIDENCE,
)

OFFERS = st.builds(OfferMentor, st.just(another("link")), CHILD_STANDINGS, MENTOR_STANDINGS, ROLES, TIMES)
ACTIVATIONS = st.builds(Activate, CHILD_STANDINGS, MENTOR_STANDINGS, DAYS, TIMES)
CANCELS = st.builds(CancelOffer, st.sampled_from(["school_declined", "replaced"]), TIMES)
ENDS = st.builds(EndAssignment, st.sampled_from(["child_left", "made_in_error"]), DAYS)

SCHOOLS = st.builds(
    lambda name, status: SchoolDetails(**{**dict(example(SchoolRegistered)), "name": name, "status": status}),
    st.sampled_from(["Fernhollow", "Fernhollow Academy"]),
    st.sampled_from(["open", "closed"]),
)
WORLDS: list[tuple[Decider[Any, Any], st.SearchStrategy[Any]]] = [
    (assignment, OFFERS | ACTIVATIONS | CANCELS | ENDS),
    (school, st.builds(RecordSchool, SCHOOLS)),
    (
        support_request,
        st.builds(
            ReceiveRequest,
            st.just(REQUEST),
            st.just(CHILD),
            st.just(SCHOOL),
            st.sampled_from(["open", "closed", None]),
            st.sampled_from(["school", "parent"]),
            st.just("Ada Hartley"),
            st.sampled_from(["speech", "company"]),
            TIMES,
        )
        | st.builds(AcceptRequest, st.dates(date(1995, 1, 1), date(2027, 1, 1)), PROVISIONS, TIMES)
        | st.builds(DeclineRequest, st.sampled_from(["no_capacity", "duplicate"]), TIMES)
        | st.builds(WithdrawRequest, st.sampled_from(["child_moved", "no_longer_needed"]), TIMES),
    ),
    (
        child,
        st.builds(
            AcceptChild,
            st.just(CHILD),
            st.sampled_from([REQUEST, another("request")]),
            st.just(SCHOOL),
            st.just("Ada Hartley"),
            st.dates(date(1995, 1, 1), date(2027, 1, 1)),
            PROVISIONS,
            DAYS,
        )
        | st.builds(SpecifyProvision, PROVISIONS),
    ),
    (
        mentor,
        st.builds(
            EngageMentor, st.just(MENTOR), st.sampled_from(["Grace", "Noor"]), st.just("g@example.org"), DAYS
        )
        | st.builds(LetMentorGo, DAYS),
    ),
]


def decide(decider: Decider[Any, Any], state: Any, command: Any) -> tuple[Fact, ...] | None:
    """Facts, or None when refused."""
    try:
        return tuple(decider.decide(state, command))
    except Refused:
        return None


@given(st.data(), st.sampled_from(WORLDS))
@settings(max_examples=500)
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


@given(st.data(), st.sampled_from([world[0] for world in WORLDS]))
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


@given(st.lists(OFFERS | ACTIVATIONS | CANCELS | ENDS, max_size=15))
@settings(max_examples=500)
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
                assert command.child.school_id == fact.school_id
                assert command.child.has_provision
        state = assignment.fold(facts, state)


LINKS = st.integers(0, 3)


@given(st.lists(st.tuples(LINKS, OFFERS | ACTIVATIONS | ENDS), max_size=40))
@settings(max_examples=300, deadline=timedelta(seconds=2))
def test_no_day_has_two_primaries_for_a_child_or_a_mentor(commands: list[tuple[int, Any]]) -> None:
    """Several links side by side, with the claims held as the store holds them."""
    states = [assignment.initial] * 4
    held: dict[int, frozenset[Claim]] = {n: frozenset() for n in range(4)}
    for number, command in commands:
        state = assignment.fold(decide(assignment, states[number], command) or (), states[number])
        wanted = assignment.claims(state)
        others = [claim for n, claims in held.items() if n != number for claim in claims]
        if any(overlap(mine, theirs) for mine in wanted for theirs in others):
            continue
        states[number], held[number] = state, wanted
    spans = [
        (state.assigned, getattr(state, "ended", None))
        for state in states
        if isinstance(state, Active | Ended)
    ]
    for offset in range(40):
        day = date(2026, 8, 20) + timedelta(days=offset)
        now = [
            begun
            for begun, over in spans
            if begun.role == "primary"
            and begun.effective_from <= day
            and (over is None or day < over.ended_on)
        ]
        assert len({one.child_id for one in now}) == len(now)
        assert len({one.mentor_id for one in now}) == len(now)


def overlap(mine: Claim, theirs: Claim) -> bool:
    """As the store sees it: spans of one key, half-open, without an end for ever."""
    assert mine.since is not None
    assert theirs.since is not None
    return (
        mine.key == theirs.key
        and (theirs.until is None or mine.since < theirs.until)
        and (mine.until is None or theirs.since < mine.until)
    )
