"""Primaries and cover side by side, whatever happens in whatever order: each day of a child is one mentor's."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import (
    AcceptOffer,
    Activate,
    EndAssignment,
    OfferMentor,
    OverrideHandover,
    PauseAssignment,
    RecordHandover,
    ResumeAssignment,
    StandAside,
    StandBack,
)
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
from services.assignments.domain.gate import ChildStanding, MentorStanding
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    AssignmentResumed,
    MentorAssigned,
    PrimaryStoodAside,
    PrimaryStoodBack,
)
from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverGivenBack,
    CoverPartiallyAccepted,
    CoverRequested,
)
from shared.contracts.assignments.handover import HandoverOverridden, HandoverRecorded
from shared.contracts.eligibility import Evidence, shortfalls
from shared.kernel.decider import Refused
from tests.assignments.claimed import House
from tests.assignments.story import another, proofs
from tests.support.people import ENGAGED_ON, SCHOOL

FIRST = date(2026, 9, 7)
HORIZON = [FIRST + timedelta(days=n) for n in range(10)]
AT = datetime(2026, 9, 7, 7, tzinfo=UTC)
CHILDREN = [ChildStanding(another(f"child {n}"), SCHOOL, True) for n in range(2)]
LAPSING = (*proofs("bed"), Evidence("bed", date(2025, 1, 1), FIRST + timedelta(days=5)))
MENTORS = [
    MentorStanding(another(f"mentor {n}"), ENGAGED_ON, None, LAPSING if n == 3 else proofs())
    for n in range(4)
]
LINKS = [another(f"link {n}") for n in range(4)]
SEARCHES = [another(f"search {n}") for n in range(4)]

days = st.sampled_from(HORIZON)
some_days = st.lists(days, min_size=1, max_size=4, unique=True).map(lambda found: tuple(sorted(found)))
children, mentors = st.sampled_from(CHILDREN), st.sampled_from(MENTORS)
links, searches = st.sampled_from(LINKS), st.sampled_from(SEARCHES)


class Agency(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.house = House()

    def tell(self, decider: Any, stream: UUID, command: Any) -> bool:
        try:
            self.house.tell(decider, stream, command)
        except Refused:
            return False
        return True

    @rule(link=links, child=children, mentor=mentors, day=days)
    def begin(self, link: UUID, child: ChildStanding, mentor: MentorStanding, day: date) -> None:
        self.tell(assignment, link, OfferMentor(link, child, mentor, AT))
        self.tell(assignment, link, AcceptOffer(AT))
        self.tell(assignment, link, Activate(child, mentor, day, AT))

    @rule(link=links, day=days, reason=st.sampled_from(["replaced", "mentor_left", "made_in_error"]))
    def end(self, link: UUID, day: date, reason: Any) -> None:
        self.tell(assignment, link, EndAssignment(reason, day))

    @rule(link=links, override=st.booleans())
    def hand_over(self, link: UUID, override: bool) -> None:
        command = (
            OverrideHandover("other", "manager:amira", AT) if override else RecordHandover("x", None, AT)
        )
        self.tell(assignment, link, command)

    @rule(link=links, day=days, resume=st.booleans())
    def interrupt(self, link: UUID, day: date, resume: bool) -> None:
        self.tell(assignment, link, ResumeAssignment(day) if resume else PauseAssignment("other", day))

    @rule(search=searches, link=links, child=children, wanted=some_days, aside=st.booleans())
    def ask(
        self, search: UUID, link: UUID, child: ChildStanding, wanted: tuple[date, ...], aside: bool
    ) -> None:
        expires = until_last_call(wanted, AT)
        command = RequestCover(search, child, None, None, "broadcast", (), wanted, "other", expires, AT)
        if self.tell(cover, search, command) and aside:
            self.tell(assignment, link, StandAside(search, wanted, "other", AT))

    @rule(search=searches, mentor=mentors, wanted=some_days | st.just(()))
    def agree(self, search: UUID, mentor: MentorStanding, wanted: tuple[date, ...]) -> None:
        self.tell(cover, search, AcceptCover(mentor, wanted, AT))

    @rule(search=searches, mentor=mentors, wanted=some_days)
    def give_back(self, search: UUID, mentor: MentorStanding, wanted: tuple[date, ...]) -> None:
        self.tell(cover, search, GiveBack(mentor.mentor_id, wanted, "mentor_absent", AT))

    @rule(search=searches, link=links, wanted=some_days, taken_too=st.booleans())
    def cancel(self, search: UUID, link: UUID, wanted: tuple[date, ...], taken_too: bool) -> None:
        self.tell(cover, search, CancelCover("other", wanted, taken_too, AT))
        self.tell(assignment, link, StandBack(search, wanted, AT))

    @rule(search=searches, mentor=mentors, late=st.booleans())
    def answer(self, search: UUID, mentor: MentorStanding, late: bool) -> None:
        at = AT + timedelta(days=30)
        self.tell(cover, search, ExpireCover(at) if late else DeclineCover(mentor.mentor_id, AT))

    @invariant()
    def a_day_of_a_child_is_one_mentors(self) -> None:
        with_child = Counter((child_id, day) for child_id, _, day in self._with())
        assert all(count == 1 for count in with_child.values())

    @invariant()
    def a_mentor_is_with_one_child_a_day(self) -> None:
        children_of = defaultdict(set)
        for child_id, mentor_id, day in self._with():
            children_of[mentor_id, day].add(child_id)
        assert all(len(found) == 1 for found in children_of.values())

    @invariant()
    def cover_is_asked_for_once_a_day(self) -> None:
        asked: dict[tuple[UUID, UUID], set[date]] = defaultdict(set)
        for fact in self.house.facts:
            match fact:
                case CoverRequested():
                    asked[fact.child_id, fact.cover_id] |= set(fact.days)
                case CoverCancelled():
                    asked[fact.child_id, fact.cover_id] -= set(fact.days)
                case CoverGivenBack():
                    asked[fact.child_id, fact.cover_id] |= set(fact.days_left)
                case _:
                    pass
        for child in CHILDREN:
            live = [
                day
                for (child_id, cover_id), found in asked.items()
                if child_id == child.child_id
                for day in found & self._held_by(cover_id)
            ]
            assert len(live) == len(set(live))

    def _held_by(self, cover_id: UUID) -> set[date]:
        state = self.house.states[cover_id]
        return {*state.search.left, *(day for one in state.search.taken for day in one.days)}

    @invariant()
    def the_next_primary_begins_after_the_handover(self) -> None:
        last: dict[UUID, AssignmentEnded] = {}
        handed_over: set[UUID] = set()
        begun: dict[UUID, MentorAssigned] = {}
        for fact in self.house.facts:
            match fact:
                case MentorAssigned(role="primary"):
                    for before in last.values():
                        if before.child_id == fact.child_id and before.ended_on <= fact.effective_from:
                            assert before.assignment_id in handed_over
                    begun[fact.assignment_id] = fact
                case AssignmentEnded():
                    undone = fact.ended_on == begun[fact.assignment_id].effective_from
                    if fact.reason != "made_in_error" and not undone:
                        last[fact.assignment_id] = fact
                case HandoverRecorded() | HandoverOverridden():
                    handed_over.add(fact.assignment_id)
                case _:
                    pass

    @invariant()
    def who_covers_passed_the_gate_on_each_day(self) -> None:
        of = {mentor.mentor_id: mentor for mentor in MENTORS}
        for fact in self.house.facts:
            if isinstance(fact, CoverAccepted | CoverPartiallyAccepted):
                assert not any(shortfalls(of[fact.mentor_id].evidence, day) for day in fact.days)

    def _with(self) -> Iterator[tuple[UUID, UUID, date]]:
        """Who is with whom on which day, from the facts alone."""
        primaries: dict[UUID, set[date]] = {}
        who: dict[UUID, tuple[UUID, UUID]] = {}
        span: dict[UUID, set[date]] = {}
        paused: dict[UUID, set[date]] = defaultdict(set)
        covering: dict[tuple[UUID, UUID, UUID], set[date]] = defaultdict(set)
        aside: dict[UUID, set[date]] = defaultdict(set)
        for fact in self.house.facts:
            match fact:
                case MentorAssigned():
                    who[fact.assignment_id] = (fact.child_id, fact.mentor_id)
                    span[fact.assignment_id] = {day for day in HORIZON if day >= fact.effective_from}
                case AssignmentEnded():
                    span[fact.assignment_id] = {d for d in span[fact.assignment_id] if d < fact.ended_on}
                case AssignmentPaused():
                    paused[fact.assignment_id] |= {day for day in HORIZON if day >= fact.paused_from}
                case AssignmentResumed():
                    paused[fact.assignment_id] -= {day for day in HORIZON if day >= fact.resumed_on}
                case PrimaryStoodAside():
                    aside[fact.assignment_id] |= set(fact.days)
                case PrimaryStoodBack():
                    aside[fact.assignment_id] -= set(fact.days)
                case CoverAccepted() | CoverPartiallyAccepted():
                    covering[fact.cover_id, fact.child_id, fact.mentor_id] |= set(fact.days)
                case CoverGivenBack():
                    covering[fact.cover_id, fact.child_id, fact.mentor_id] -= set(fact.days)
                case CoverCancelled():
                    for key in covering:
                        if key[0] == fact.cover_id:
                            covering[key] &= {*fact.days_kept}
                case _:
                    pass
        primaries = {key: found - paused[key] - aside[key] for key, found in span.items()}
        for link, found in primaries.items():
            for day in found:
                yield (*who[link], day)
        for (_, child_id, mentor_id), found in covering.items():
            for day in found:
                yield child_id, mentor_id, day


def test_no_day_has_two_mentors_for_a_child_or_two_children_for_a_mentor() -> None:
    run_state_machine_as_test(
        Agency, settings=settings(max_examples=30, stateful_step_count=30, deadline=None)
    )


def test_a_limit_of_two_has_two_places_and_not_three() -> None:
    house = House()
    grace = MENTORS[0]
    for n, (child, slot) in enumerate([(CHILDREN[0], 1), (CHILDREN[1], 2)]):
        link = uuid5(LINKS[0], str(n))
        house.tell(assignment, link, OfferMentor(link, child, grace, AT))
        house.tell(assignment, link, AcceptOffer(AT))
        house.tell(assignment, link, Activate(child, grace, FIRST, AT, mentor_slot=slot))
    third = ChildStanding(another("third"), SCHOOL, True)
    house.tell(assignment, LINKS[1], OfferMentor(LINKS[1], third, grace, AT))
    house.tell(assignment, LINKS[1], AcceptOffer(AT))
    for slot in (1, 2):
        with pytest.raises(Refused, match="mentor_already_assigned"):
            house.tell(assignment, LINKS[1], Activate(third, grace, FIRST, AT, mentor_slot=slot))
