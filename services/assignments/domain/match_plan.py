"""A plan of matches for a region: proposed once, its rows taken up by offers or set aside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID, uuid5

from shared.contracts.assignments.match_plan import (
    MatchPlanProposed,
    MatchSetAside,
    ProposedMatch,
    Unmatched,
)
from shared.contracts.words.support import SetAsideReason
from shared.kernel.decider import Decider, Refused


def offer_of(plan_id: UUID, child_id: UUID) -> UUID:
    """The assignment that taking up a plan's match for a child leads to: taken up twice, it is one offer."""
    return uuid5(plan_id, str(child_id))


@dataclass(frozen=True, slots=True)
class ProposePlan:
    """Keep what the solver found."""

    plan_id: UUID
    planned_for: date
    least: int
    local_authority: str | None
    matches: tuple[ProposedMatch, ...]
    unmatched: tuple[Unmatched, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class SetAside:
    """Do not take up the match of this child."""

    child_id: UUID
    reason: SetAsideReason
    at: datetime


Command: TypeAlias = ProposePlan | SetAside
PlanFact: TypeAlias = MatchPlanProposed | MatchSetAside


@dataclass(frozen=True, slots=True)
class Plan:
    """What was proposed, and what was set aside of it. `proposed` is None before there is a plan."""

    proposed: MatchPlanProposed | None = None
    aside: frozenset[UUID] = frozenset()

    def match_of(self, child_id: UUID) -> ProposedMatch:
        """The match of a child. Refused when there is none, or it was set aside."""
        for found in self.proposed.matches if self.proposed else ():
            if found.child_id == child_id:
                if child_id in self.aside:
                    raise Refused(
                        "match_set_aside", "this match was set aside; offer the mentor by an offer of its own"
                    )
                return found
        raise Refused("match_unknown", "this plan proposes nobody for that child; see its rows")


def decide(state: Plan, command: Command) -> Sequence[PlanFact]:
    match command:
        case ProposePlan():
            return _propose(state, command)
        case SetAside(child_id, reason, at):
            if child_id in state.aside:
                return ()
            found = state.match_of(child_id)
            plan_id = state.proposed.plan_id if state.proposed else child_id
            return (
                MatchSetAside(
                    plan_id=plan_id,
                    child_id=child_id,
                    mentor_id=found.mentor_id,
                    reason=reason,
                    set_aside_at=at,
                ),
            )


def _propose(state: Plan, command: ProposePlan) -> Sequence[MatchPlanProposed]:
    if state.proposed is not None:
        return ()
    mentors = [found.mentor_id for found in command.matches]
    children = [found.child_id for found in command.matches] + [left.child_id for left in command.unmatched]
    if not children:
        raise Refused("nobody_waits", "no child in this region waits for a mentor; there is nothing to match")
    if len({*mentors}) < len(mentors) or len({*children}) < len(children):
        raise Refused("invalid_matches", "a plan names each mentor and each child once")
    return (
        MatchPlanProposed(
            plan_id=command.plan_id,
            planned_for=command.planned_for,
            least=command.least,
            local_authority=command.local_authority,
            child_ids=tuple(children),
            mentor_ids=tuple(mentors),
            matches=command.matches,
            unmatched=command.unmatched,
            proposed_at=command.at,
        ),
    )


def evolve(state: Plan, fact: PlanFact) -> Plan:
    match fact:
        case MatchPlanProposed():
            return replace(state, proposed=fact)
        case MatchSetAside(child_id=child_id):
            return replace(state, aside=state.aside | {child_id})


match_plan: Decider[Plan, Command] = Decider("match_plan", Plan(), decide, evolve)
