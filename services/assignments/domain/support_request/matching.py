"""From taking a request on to the mentor who supports the child; offers and assignments are told to it."""

from collections.abc import Sequence

from services.assignments.domain.provision import check_birth_date, check_provision
from services.assignments.domain.support_request.arriving import resume, triaged
from services.assignments.domain.support_request.commands import (
    Note,
    NoteAgreement,
    NoteLoss,
    NoteOffer,
    NoteSupport,
    ResumeRequest,
    TakeOnRequest,
    TriageRequest,
)
from services.assignments.domain.support_request.refusing import awaits_information, not_open
from services.assignments.domain.support_request.states import (
    AwaitingInformation,
    Closed,
    Received,
    RequestFact,
    SupportRequest,
    Taken,
    Triaged,
    Unknown,
    Waitlisted,
    evolve,
)
from shared.contracts.assignments.support_request import (
    SupportRequestAccepted,
    SupportRequestFulfilled,
    SupportRequestMatchLost,
    SupportRequestOffered,
    SupportRequestReceived,
    SupportRequestTakenOn,
)
from shared.contracts.words.requests import RequestStage
from shared.kernel.decider import Refused


def take_on(state: SupportRequest, command: TakeOnRequest) -> Sequence[RequestFact]:
    match state:
        case Received(received):
            check(command)
            judged = TriageRequest(command.urgency, command.provision.areas, command.at)
            return (triaged(state, judged), _taken_on(received, command))
        case Triaged(received):
            check(command)
            return (_taken_on(received, command),)
        case Waitlisted(received, before):
            if isinstance(before, Taken):
                return take_on(before, command)
            check(command)
            return (*resume(state, ResumeRequest(command.at)), _taken_on(received, command))
        case Taken(received, _, known):
            if known == _taken_on(received, command).model_copy(update={"taken_on_at": known.taken_on_at}):
                return ()
            raise Refused(
                "request_already_taken_on",
                "this request was taken on with another provision; change the child's provision instead",
            )
        case AwaitingInformation(_, _, asked):
            raise awaits_information(asked)
        case Unknown() | Closed():
            raise not_open(state)


def check(command: TakeOnRequest) -> None:
    """Refuse a date of birth or a provision that can't be."""
    check_birth_date(command.birth_date, command.at.date())
    check_provision(command.provision)


def _taken_on(received: SupportRequestReceived, command: TakeOnRequest) -> SupportRequestTakenOn:
    return SupportRequestTakenOn(
        request_id=received.request_id,
        child_id=received.child_id,
        school_id=received.school_id,
        child_name=received.child_name,
        birth_date=command.birth_date,
        minutes_per_week=command.provision.minutes_per_week,
        areas=command.provision.areas,
        effective_from=command.provision.effective_from,
        taken_on_at=command.at,
        received_on=received.received_at.date(),
        outcomes=command.provision.outcomes,
        next_review_on=command.provision.next_review_on,
    )


def note(state: SupportRequest, command: Note) -> Sequence[RequestFact]:
    """What happened to offers and assignments of the child; nothing of it is ever refused."""
    match state:
        case Taken():
            return _note(state, command)
        case Waitlisted(_, Taken() as before) if isinstance(command, NoteOffer | NoteSupport):
            if noted := _note(before, command):
                return (*resume(state, ResumeRequest(command.at)), *noted)
            return ()
        case _:
            return ()


def _note(state: Taken, command: Note) -> Sequence[RequestFact]:
    request_id, child_id = state.received.request_id, state.received.child_id
    made = command.assignment_id
    match command:
        case NoteOffer(at=at):
            if state.fulfilled or made in state.offers | state.lost:
                return ()
            offered = SupportRequestOffered(
                request_id=request_id, child_id=child_id, assignment_id=made, stage="offered", offered_at=at
            )
            return (offered.model_copy(update={"stage": _stage(state, offered)}),)
        case NoteAgreement(at=at):
            if made not in state.offers - state.agreed:
                return ()
            return (
                SupportRequestAccepted(
                    request_id=request_id, child_id=child_id, assignment_id=made, accepted_at=at
                ),
            )
        case NoteLoss(reason=reason, at=at):
            if made not in state.offers and not _undone(state, command):
                return ()
            lost = SupportRequestMatchLost(
                request_id=request_id,
                child_id=child_id,
                assignment_id=made,
                reason=reason,
                stage="matching",
                lost_at=at,
            )
            return (lost.model_copy(update={"stage": _stage(state, lost)}),)
        case NoteSupport(on=on):
            if state.fulfilled or made in state.lost:
                return ()
            return (
                SupportRequestFulfilled(
                    request_id=request_id, child_id=child_id, assignment_id=made, fulfilled_on=on
                ),
            )


def _undone(state: Taken, command: NoteLoss) -> bool:
    """Whether the assignment that fulfilled the request ended before it gave a day of support."""
    return (
        state.fulfilled is not None
        and state.fulfilled.assignment_id == command.assignment_id
        and command.ended_on is not None
        and command.ended_on <= state.fulfilled.fulfilled_on
    )


def _stage(state: Taken, fact: RequestFact) -> RequestStage:
    after = evolve(state, fact)
    assert isinstance(after, Taken)
    return after.stage
