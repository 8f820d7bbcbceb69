"""Sessions of one mentor and one child, whatever is asked of them in whatever order, never break a rule."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, get_args
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.sessions.domain.commands import Command, FindEnded, FindLogOverdue, FindOverdue, Finish
from services.sessions.domain.permission import Pause
from services.sessions.domain.session import session
from shared.contracts.fact import Fact
from shared.contracts.sessions.session_approval import SessionReturned
from shared.contracts.sessions.session_log import RoleBoundaryBreached
from shared.contracts.words.sessions import LogHours, OverdueMinutes
from shared.kernel.decider import Refused
from tests.sessions.commands import (
    AMEND,
    APPROVE,
    CANCEL,
    DAY,
    DRAFT,
    LOCK,
    LOG,
    READY,
    RESCHEDULE,
    RETURN,
    SCHEDULE,
    START,
    STARTS,
    SUPPORT,
    VOID,
)
from tests.sessions.holding import CUT_OFF, HOUR, MINUTE, Told, keeps_the_rules

PAUSED = replace(SUPPORT, pauses=(Pause(DAY),))

which = st.integers(0, 2)
supports = st.sampled_from([SUPPORT, SUPPORT, SUPPORT, PAUSED, None])
evidences = st.sampled_from([READY, READY, READY, ()])
minutes = st.sampled_from([0, 10, 60, 76, -1, 200])
seldom = st.integers(0, 3).map(lambda n: n == 3)
begins = st.integers(0, 4).map(lambda n: STARTS + n * 30 * MINUTE)
activities = st.sampled_from(
    [("maths",), ("maths", "comfort"), ("comfort",), ("maths", "maths"), (), ("maths", "whole_class")]
)
people = st.sampled_from([LOG.by, "coordinator:ruth", "coordinator:sam"])


class Sessions(RuleBasedStateMachine):
    """Three sessions of one mentor and one child; claims are kept as the store keeps them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = STARTS - 24 * HOUR
        self.told = [Told(), Told(), Told()]

    @initialize(third=st.booleans())
    def a_morning(self, third: bool) -> None:
        for n in (0, 1, 2) if third else (0, 1):
            starts_at = STARTS + n * HOUR
            span: Any = {"starts_at": starts_at, "ends_at": starts_at + HOUR, "session_id": UUID(int=n)}
            self._ask(n, replace(SCHEDULE, **span, at=self.now))

    @rule(passed=st.sampled_from([MINUTE, 30 * MINUTE, HOUR, 26 * HOUR, 49 * HOUR]))
    def time_passes(self, passed: timedelta) -> None:
        self.now += passed

    @rule(n=which, starts_at=begins, support=supports, evidence=evidences)
    def schedule(self, n: int, starts_at: datetime, support: Any, evidence: Any) -> None:
        span: Any = {"starts_at": starts_at, "ends_at": starts_at + HOUR, "session_id": UUID(int=n)}
        self._ask(n, replace(SCHEDULE, **span, support=support, evidence=evidence, at=self.now))

    @rule(n=which, starts_at=begins, support=supports)
    def reschedule(self, n: int, starts_at: datetime, support: Any) -> None:
        span: Any = {"starts_at": starts_at, "ends_at": starts_at + HOUR}
        self._ask(n, replace(RESCHEDULE, **span, support=support, at=self.now))

    @rule(n=which, back=st.integers(-5, 90), support=supports, evidence=evidences, by_office=st.booleans())
    def start(self, n: int, back: int, support: Any, evidence: Any, by_office: bool) -> None:
        begun: Any = {"started_at": self.now - back * MINUTE, "by_office": by_office}
        self._ask(n, replace(START, **begun, support=support, evidence=evidence, at=self.now))

    @rule(n=which, office=st.booleans())
    def start_in_time(self, n: int, office: bool) -> None:
        if self.told[n].facts:
            self.now = max(self.now, self._plan(n).starts_at)
            begun: Any = {"started_at": self._plan(n).starts_at, "by_office": office}
            self._ask(n, replace(START, **begun, at=self.now))

    @rule(n=which, back=st.integers(-5, 90))
    def finish(self, n: int, back: int) -> None:
        self._ask(n, Finish(self.now - back * MINUTE, at=self.now))

    @rule(n=which)
    def what_falls_due(self, n: int) -> None:
        self._ask(n, FindEnded(self.now))
        for step in get_args(OverdueMinutes):
            self._ask(n, FindOverdue(step, self.now))
        if self.told[n].facts:
            since = [fact.returned_at for fact in self.told[n].of(SessionReturned)]
            wanted = since[-1] if since else self._plan(n).ends_at
            for hours in get_args(LogHours):
                self._ask(n, FindLogOverdue(wanted, hours, self.now))

    @rule(n=which, done=activities, contact=minutes)
    def draft(self, n: int, done: Any, contact: int) -> None:
        self._ask(n, replace(DRAFT, activities=done, contact_minutes=contact, at=self.now))

    @rule(n=which, done=activities, contact=minutes, support=supports, why=st.booleans(), by=people)
    def log(self, n: int, done: Any, contact: int, support: Any, why: bool, by: str) -> None:
        said: Any = {"activities": done, "contact_minutes": contact, "support": support, "by": by}
        reason = "was ill" if why else None
        self._ask(n, replace(LOG, **said, late_reason=reason, cut_off_at=CUT_OFF, at=self.now))

    @rule(n=which, by=people)
    def start_and_log(self, n: int, by: str) -> None:
        self.start_in_time(n, office=True)
        self.log_well(n, by)

    @rule(n=which, by=people)
    def log_well(self, n: int, by: str) -> None:
        said: Any = {"contact_minutes": 0, "by": by, "late_reason": "was ill", "at": self.now}
        self._ask(n, replace(LOG, **said, cut_off_at=CUT_OFF))

    @rule(n=which)
    def give_back(self, n: int) -> None:
        self._ask(n, replace(RETURN, at=self.now))

    @rule(n=which, by=people)
    def approve(self, n: int, by: str) -> None:
        self._ask(n, replace(APPROVE, by=by, at=self.now))

    @rule(n=which, by=people)
    def carry_to_the_end(self, n: int, by: str) -> None:
        self.start_and_log(n, by)
        self.approve_and_lock(n, by)

    @rule(n=which, by=people)
    def approve_and_lock(self, n: int, by: str) -> None:
        self._ask(n, replace(APPROVE, by=by, at=self.now))
        self._ask(n, replace(APPROVE, by="manager:ann", at=self.now))
        self._ask(n, replace(LOCK, at=self.now))

    @rule(n=which, contact=minutes, done=activities, support=supports)
    def amend(self, n: int, contact: int, done: Any, support: Any) -> None:
        said: Any = {"activities": done, "contact_minutes": contact, "support": support}
        self._ask(n, replace(AMEND, **said, cut_off_at=CUT_OFF, at=self.now))

    @rule(n=which, contact=minutes, late=seldom)
    def put_right(self, n: int, contact: int, late: bool) -> None:
        if late:
            self.start_in_time(n, office=True)
            self.now = max(self.now, CUT_OFF)
        else:
            self.carry_to_the_end(n, LOG.by)
        self._ask(n, replace(AMEND, contact_minutes=contact, cut_off_at=CUT_OFF, at=self.now))

    @rule(n=which, really=seldom)
    def void(self, n: int, really: bool) -> None:
        if really:
            self._ask(n, replace(VOID, at=self.now))

    @rule(n=which, really=seldom)
    def cancel(self, n: int, really: bool) -> None:
        if really:
            self._ask(n, replace(CANCEL, at=self.now))

    @invariant()
    def nobody_is_in_two_sessions_at_once(self) -> None:
        spans = sorted(
            {
                (claim.since or STARTS, claim.until or STARTS, n)
                for n, told in enumerate(self.told)
                for claim in session.claims(session.fold(told.facts))
            }
        )
        for one, two in pairwise(spans):
            assert one[1] <= two[0] or one[2] == two[2]

    @invariant()
    def every_history_keeps_the_rules(self) -> None:
        for told in self.told:
            keeps_the_rules(told)

    def _plan(self, n: int) -> Any:
        known: Any = session.fold(self.told[n].facts)
        return known.plan

    def _ask(self, n: int, command: Command) -> None:
        told = self.told[n]
        state = session.fold(told.facts)
        try:
            decided, refused = tuple(session.decide(state, command)), False
        except Refused as refusal:
            decided, refused = tuple(refusal.facts), True
        after = session.fold(decided, state)
        if self._taken(n, session.claims(after) - session.claims(state)):
            return
        told.facts += decided
        told.commands += [command] * len(decided)
        assert all(isinstance(fact, RoleBoundaryBreached) == refused for fact in decided)
        assert not self._again(n, command), "deciding again yields nothing"

    def _taken(self, n: int, wanted: frozenset[Any]) -> bool:
        held = [
            claim
            for other, told in enumerate(self.told)
            if other != n
            for claim in session.claims(session.fold(told.facts))
        ]
        return any(
            one.key == two.key and one.since < two.until and two.since < one.until
            for one in wanted
            for two in held
        )

    def _again(self, n: int, command: Command) -> tuple[Fact, ...]:
        try:
            return tuple(session.decide(session.fold(self.told[n].facts), command))
        except Refused as refusal:
            return refusal.facts


def test_a_session_never_holds_what_the_rules_forbid() -> None:
    run_state_machine_as_test(
        Sessions, settings=settings(max_examples=30, stateful_step_count=30, deadline=None)
    )
