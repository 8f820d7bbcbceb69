"""From the arrival of a request to the agency's answer: triage, information, the waiting list, the exits."""

from collections.abc import Sequence

from services.assignments.domain.support_request.commands import (
    AskForInformation,
    DeclineRequest,
    ReceiveRequest,
    RecordInformation,
    ResumeRequest,
    TriageRequest,
    WaitlistRequest,
    WithdrawRequest,
)
from services.assignments.domain.support_request.refusing import (
    awaits_information,
    check_child,
    check_review,
    check_school,
    fulfilled,
    has_offer,
    not_open,
    not_triaged,
    taken_on,
)
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
)
from shared.contracts.assignments.support_request import (
    InformationReceived,
    InformationRequested,
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestResumed,
    SupportRequestTriaged,
    SupportRequestWaitlisted,
    SupportRequestWithdrawn,
)
from shared.contracts.words.requests import RequestStage
from shared.kernel.decider import Refused


def receive(state: SupportRequest, command: ReceiveRequest) -> Sequence[RequestFact]:
    received = SupportRequestReceived(
        request_id=command.request_id,
        child_id=command.child_id,
        school_id=command.school_id,
        requester_kind=command.requester_kind,
        child_name=command.child_name,
        needs=command.needs,
        received_at=command.at,
        requester_name=command.requester_name,
    )
    match state:
        case Unknown():
            check_school(command.school_status)
            check_child(command.child_here)
            return (received,)
        case _:
            if state.received.model_copy(update={"received_at": command.at}) == received:
                return ()
            raise Refused("request_already_received", "this request was received before; make a new one")


def triage(state: SupportRequest, command: TriageRequest) -> Sequence[RequestFact]:
    match state:
        case Received():
            return (triaged(state, command),)
        case Triaged() | AwaitingInformation() | Waitlisted(_, Triaged()):
            known = state.before if isinstance(state, Waitlisted) else state
            assert not isinstance(known, Taken)
            now = triaged(state, command)
            if known.triaged == now.model_copy(update={"triaged_at": known.triaged.triaged_at}):
                return ()
            return (now,)
        case Taken() | Waitlisted():
            raise taken_on()
        case Unknown() | Closed():
            raise not_open(state)


def triaged(
    state: Received | Triaged | AwaitingInformation | Waitlisted, command: TriageRequest
) -> SupportRequestTriaged:
    """What was judged. Refused when it names no area, or one twice."""
    if not command.areas or len(set(command.areas)) < len(command.areas):
        raise Refused("invalid_areas", "name at least one area, and each once")
    return SupportRequestTriaged(
        request_id=state.received.request_id,
        child_id=state.received.child_id,
        urgency=command.urgency,
        areas=command.areas,
        stage=_stage(state),
        triaged_at=command.at,
    )


def _stage(state: Received | Triaged | AwaitingInformation | Waitlisted) -> RequestStage:
    """An open question or a place on the waiting list outlasts another triage."""
    match state:
        case Received() | Triaged():
            return "triaged"
        case AwaitingInformation():
            return "awaiting_information"
        case Waitlisted():
            return "waitlisted"


def ask(state: SupportRequest, command: AskForInformation) -> Sequence[RequestFact]:
    match state:
        case Triaged(received):
            if command.answer_due_on < command.at.date():
                raise Refused(
                    "invalid_answer_due_on", "the day for the answer is over; give a day that is not"
                )
            return (
                InformationRequested(
                    request_id=received.request_id,
                    child_id=received.child_id,
                    question=command.question,
                    answer_due_on=command.answer_due_on,
                    requested_at=command.at,
                ),
            )
        case AwaitingInformation(_, _, asked):
            if (asked.question, asked.answer_due_on) == (command.question, command.answer_due_on):
                return ()
            raise awaits_information(asked)
        case Received():
            raise not_triaged()
        case Taken() | Waitlisted(_, Taken()):
            raise taken_on()
        case Waitlisted():
            raise Refused("request_waitlisted", "this request is on the waiting list; resume it first")
        case Unknown() | Closed():
            raise not_open(state)


def answer(state: SupportRequest, command: RecordInformation) -> Sequence[RequestFact]:
    match state:
        case AwaitingInformation(received):
            return (
                InformationReceived(
                    request_id=received.request_id,
                    child_id=received.child_id,
                    answer=command.answer,
                    received_at=command.at,
                ),
            )
        case Triaged(_, _, (_, InformationReceived(answer=command.answer))):
            return ()
        case Unknown() | Closed():
            raise not_open(state)
        case _:
            raise Refused("nothing_asked", "no question of the agency is open; ask for information first")


def waitlist(state: SupportRequest, command: WaitlistRequest) -> Sequence[RequestFact]:
    match state:
        case Waitlisted(_, _, known) if (known.reason, known.review_on) == (
            command.reason,
            command.review_on,
        ):
            return ()
        case Taken(fulfilled=None, offers=offers) if offers:
            raise has_offer()
        case Triaged() | Waitlisted() | Taken(fulfilled=None):
            check_review(command.review_on, command.at.date())
            return (
                SupportRequestWaitlisted(
                    request_id=state.received.request_id,
                    child_id=state.received.child_id,
                    reason=command.reason,
                    review_on=command.review_on,
                    waitlisted_at=command.at,
                ),
            )
        case AwaitingInformation(_, _, asked):
            raise awaits_information(asked)
        case Received():
            raise not_triaged()
        case Taken():
            raise fulfilled()
        case Unknown() | Closed():
            raise not_open(state)


def resume(state: SupportRequest, command: ResumeRequest) -> Sequence[RequestFact]:
    match state:
        case Waitlisted(received, before):
            return (
                SupportRequestResumed(
                    request_id=received.request_id,
                    child_id=received.child_id,
                    stage="triaged" if isinstance(before, Triaged) else before.stage,
                    resumed_at=command.at,
                ),
            )
        case Triaged() | Taken():
            return ()  # not waiting: there is nothing to take off the list
        case AwaitingInformation(_, _, asked):
            raise awaits_information(asked)
        case Received():
            raise not_triaged()
        case Unknown() | Closed():
            raise not_open(state)


def decline(state: SupportRequest, command: DeclineRequest) -> Sequence[RequestFact]:
    match state:
        case Received() | Triaged() | AwaitingInformation() | Waitlisted(_, Triaged()):
            return (
                SupportRequestDeclined(
                    request_id=state.received.request_id,
                    child_id=state.received.child_id,
                    reason=command.reason,
                    declined_at=command.at,
                ),
            )
        case Closed(_, SupportRequestDeclined(reason=command.reason)):
            return ()
        case Taken() | Waitlisted():
            raise taken_on()
        case Unknown() | Closed():
            raise not_open(state)


def withdraw(state: SupportRequest, command: WithdrawRequest) -> Sequence[RequestFact]:
    match state:
        case Unknown():
            raise not_open(state)
        case Closed(_, SupportRequestWithdrawn(reason=command.reason)):
            return ()
        case Closed():
            raise not_open(state)
        case Taken() if state.fulfilled is not None:
            raise fulfilled()
        case _:
            return (
                SupportRequestWithdrawn(
                    request_id=state.received.request_id,
                    child_id=state.received.child_id,
                    reason=command.reason,
                    withdrawn_at=command.at,
                ),
            )
