"""A child's way through the agency: referred, accepted, active, paused, exited, reopened."""

from collections.abc import Sequence

from services.assignments.domain.child.commands import (
    AcceptChild,
    ActivateChild,
    CloseReferral,
    ExitChild,
    HandOverChild,
    PauseChild,
    ReferChild,
    ReopenChild,
    ResumeChild,
)
from services.assignments.domain.child.plan import specified
from services.assignments.domain.child.refusing import not_supported, transferred
from services.assignments.domain.child.states import Child, ChildFact, Exited, NotKnown, Referred, Supported
from services.assignments.domain.provision import check_birth_date, check_provision
from shared.contracts.assignments.child import (
    ChildAccepted,
    ChildActivated,
    ChildExited,
    ChildPaused,
    ChildReferred,
    ChildReopened,
    ChildResumed,
)
from shared.kernel.decider import Refused


def refer(state: Child, command: ReferChild) -> Sequence[ChildFact]:
    match state:
        case NotKnown() | Exited(Referred()):
            return (
                ChildReferred(
                    child_id=command.child_id,
                    request_id=command.request_id,
                    school_id=command.school_id,
                    name=command.name,
                    referred_on=command.on,
                ),
            )
        case _:
            return ()


def accept(state: Child, command: AcceptChild) -> Sequence[ChildFact]:
    match state:
        case Supported(request_id=command.request_id) | Exited(Supported(request_id=command.request_id)):
            return ()
        case Supported():
            raise Refused(
                "child_already_accepted", "this child was accepted on another request; change its provision"
            )
        case _:
            check_birth_date(command.birth_date, command.on)
            check_provision(command.provision)
            return (*_begun(state, command), specified(command.child_id, command.provision))


def _begun(state: NotKnown | Referred | Exited, command: AcceptChild) -> Sequence[ChildFact]:
    match state:
        case Exited(_, exited) if exited.reason == "transferred":
            raise transferred()
        case Exited(Supported()):
            return (
                ChildReopened(
                    child_id=command.child_id,
                    request_id=command.request_id,
                    school_id=command.school_id,
                    reopened_on=command.on,
                ),
            )
        case _:
            # The request may be taken on before anybody noted that the child was asked for.
            asked = ReferChild(
                command.child_id, command.request_id, command.school_id, command.name, command.referred_on
            )
            accepted = ChildAccepted(
                child_id=command.child_id,
                request_id=command.request_id,
                school_id=command.school_id,
                name=command.name,
                birth_date=command.birth_date,
                accepted_on=command.on,
            )
            return (*refer(state, asked), accepted)


def close_referral(state: Child, command: CloseReferral) -> Sequence[ChildFact]:
    match state:
        case Referred(referred) if referred.request_id == command.request_id:
            return (ChildExited(child_id=referred.child_id, reason="not_taken_on", exited_on=command.on),)
        case Supported(request_id=command.request_id, stage="accepted"):
            # Withdrawn on the day before the agency was to be responsible: then from that day on.
            exited_on = max(command.on, state.since)
            return (ChildExited(child_id=state.child_id, reason="family_withdrew", exited_on=exited_on),)
        case _:
            return ()


def activate(state: Child, command: ActivateChild) -> Sequence[ChildFact]:
    """Only for the first mentor since the agency became responsible; what else begins changes nothing."""
    if isinstance(state, Supported) and state.stage == "accepted":
        return (
            ChildActivated(
                child_id=state.child_id, assignment_id=command.assignment_id, activated_on=command.on
            ),
        )
    return ()


def pause(state: Child, command: PauseChild) -> Sequence[ChildFact]:
    if not isinstance(state, Supported):
        raise not_supported(state)
    paused = ChildPaused(
        child_id=state.child_id,
        reason=command.reason,
        paused_from=command.paused_from,
        review_on=command.review_on,
    )
    match state.stage:
        case "accepted":
            raise Refused(
                "child_not_active", "no mentor supports this child yet; put the request on the waiting list"
            )
        case "paused":
            if state.moved == paused:
                return ()
            raise Refused("child_already_paused", "support of this child rests already; resume it first")
        case "active":
            if command.review_on is not None and command.review_on <= command.paused_from:
                raise Refused("invalid_review_on", "the pause is looked at after it began; give a later day")
            return (paused,)


def resume(state: Child, command: ResumeChild) -> Sequence[ChildFact]:
    if not isinstance(state, Supported):
        raise not_supported(state)
    resumed = ChildResumed(child_id=state.child_id, resumed_on=command.resumed_on)
    if isinstance(state.moved, ChildPaused):
        if command.resumed_on < state.moved.paused_from:
            raise Refused(
                "invalid_resumed_on",
                f"the pause began on {state.moved.paused_from}; give that day (to undo it) or a later one",
            )
        return (resumed,)
    if state.moved == resumed:
        return ()
    raise Refused("child_not_paused", "support of this child does not rest; there is nothing to resume")


def leave(state: Child, command: ExitChild) -> Sequence[ChildFact]:
    match state:
        case Supported():
            if command.reason == "not_taken_on":
                raise Refused("invalid_reason", "this child was taken on; say why support ends")
            if command.exited_on < state.since:
                raise Refused(
                    "invalid_exited_on",
                    f"the agency is responsible since {state.since}; give that day or a later one",
                )
            return (ChildExited(child_id=state.child_id, reason=command.reason, exited_on=command.exited_on),)
        case Exited(_, exited) if (exited.reason, exited.exited_on) == (command.reason, command.exited_on):
            return ()
        case _:
            raise not_supported(state)


def hand_over(state: Child, command: HandOverChild) -> Sequence[ChildFact]:
    """The transfer decided it; whom the agency does not support has nothing left to hand over."""
    if isinstance(state, Supported):
        exited_on = max(command.on, state.since)
        return (ChildExited(child_id=state.child_id, reason="transferred", exited_on=exited_on),)
    return ()


def reopen(state: Child, command: ReopenChild) -> Sequence[ChildFact]:
    match state:
        case Exited(_, exited) if exited.reason == "transferred":
            raise transferred()
        case Exited(Supported() as before, exited):
            if command.reopened_on < exited.exited_on:
                raise Refused(
                    "invalid_reopened_on",
                    f"this child left on {exited.exited_on}; give that day or a later one",
                )
            return (
                ChildReopened(
                    child_id=before.child_id,
                    request_id=None,
                    school_id=command.school_id or before.school_id,
                    reopened_on=command.reopened_on,
                ),
            )
        case Supported(moved=ChildReopened(request_id=None) as known) if (
            known.reopened_on == command.reopened_on and command.school_id in (None, known.school_id)
        ):
            return ()
        case Supported():
            raise Refused("child_not_exited", "the agency supports this child; there is nothing to reopen")
        case _:
            raise not_supported(state)
