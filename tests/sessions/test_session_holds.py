"""No sequence of commands breaks a rule of a session."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given as every
from hypothesis import settings
from hypothesis import strategies as st

from services.sessions.domain.commands import Command, Start
from services.sessions.domain.log_commands import Log
from services.sessions.domain.session import session
from shared.contracts.fact import Fact
from shared.contracts.sessions.session import SessionCancelled, SessionScheduled, SessionStarted
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged
from shared.kernel.decider import Refused
from tests.sessions.commands import CANCEL, ENDS, LOG, READY, SCHEDULE, START, STARTS, SUPPORT

around = st.integers(-120, 6000).map(lambda minutes: STARTS + timedelta(minutes=minutes))
supports = st.sampled_from([SUPPORT, SUPPORT, SUPPORT, None])
evidences = st.sampled_from([READY, READY, READY, ()])
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(replace, st.just(SCHEDULE), support=supports, evidence=evidences),
    st.builds(Start, started_at=around, support=supports, evidence=evidences, at=around),
    st.just(START),
    st.builds(
        replace,
        st.just(LOG),
        activities=st.lists(st.sampled_from(["maths", "comfort", "whole_class"]), max_size=3).map(tuple),
        contact_minutes=st.integers(-1, 200),
        late_reason=st.sampled_from([None, "was ill"]),
        support=supports,
        at=around,
    ),
    st.just(LOG),
    st.just(CANCEL),
)


@settings(max_examples=300, deadline=None)
@every(st.lists(commands, max_size=15))
def test_a_session_never_holds_what_the_rules_forbid(taken: list[Command]) -> None:
    facts: list[Fact] = []
    for command in [SCHEDULE, *taken]:
        state = session.fold(facts)
        try:
            decided, refused = session.decide(state, command), False
        except Refused as refusal:
            decided, refused = refusal.facts, True
        facts += decided
        assert session.fold(facts) == session.fold(decided, state)
        assert all(isinstance(fact, RoleBoundaryBreached) == refused for fact in decided)
        assert not _again(facts, command), "deciding again yields nothing"
        for fact in decided:
            _check(fact, command)
    kinds = [type(fact) for fact in facts if not isinstance(fact, RoleBoundaryBreached)]
    story = [SessionScheduled, SessionStarted, SessionLogged]
    assert kinds in (story[: len(kinds)], [SessionScheduled, SessionCancelled])
    assert bool(session.claims(session.fold(facts))) == (SessionCancelled not in kinds)


def _again(facts: list[Fact], command: Command) -> tuple[Fact, ...]:
    try:
        return tuple(session.decide(session.fold(facts), command))
    except Refused as refusal:
        return refusal.facts


def _check(fact: Fact, command: Command) -> None:
    match fact:
        case SessionStarted():
            assert isinstance(command, Start)
            assert command.support == SUPPORT
            assert command.evidence == READY
            assert fact.started_at <= command.at
        case SessionLogged():
            assert isinstance(command, Log)
            assert command.support == SUPPORT
            assert "whole_class" not in fact.activities
            assert fact.activities
            assert fact.logged_at >= STARTS
            assert (
                0
                <= fact.contact_minutes * 60
                <= (min(fact.logged_at, ENDS) - STARTS).total_seconds() + 15 * 60
            )
            assert fact.late == (fact.logged_at > ENDS + timedelta(hours=48))
            assert fact.late_reason or fact.logged_at <= ENDS + timedelta(hours=72)
        case RoleBoundaryBreached():
            assert isinstance(command, Log)
            assert "whole_class" in command.activities
        case _:
            assert isinstance(fact, SessionScheduled | SessionCancelled)
