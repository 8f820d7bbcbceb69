"""Why a request for support can't go on as asked, and what to do instead."""

from datetime import date

from services.assignments.domain.support_request.commands import ChildHere
from services.assignments.domain.support_request.states import Closed, Unknown
from shared.contracts.assignments.support_request import InformationRequested, SupportRequestDeclined
from shared.contracts.words.support import SchoolStatus
from shared.kernel.decider import Refused


def check_school(status: SchoolStatus | None) -> None:
    """Refuse a school that is not in the register, or not open."""
    if status is None:
        raise Refused("school_unknown", "this school is not in the register here; import the register first")
    if status in ("closed", "proposed_to_open"):
        raise Refused(
            "school_not_open", f"this school is {status.replace('_', ' ')}; name the child's present school"
        )


def check_child(here: ChildHere) -> None:
    """Refuse to ask for a child anew who is supported already, or asked for."""
    if here == "supported":
        raise Refused(
            "child_already_supported",
            "the agency supports this child already; change the child's provision instead",
        )
    if here == "transferred":
        raise Refused(
            "child_transferred", "another region owns this child; ask that region to transfer the child back"
        )
    if here == "referred":
        raise Refused(
            "child_already_referred", "support was asked for this child before; answer that request first"
        )


def check_review(review_on: date, today: date) -> None:
    """Refuse a day that is over."""
    if review_on <= today:
        raise Refused("invalid_review_on", "give a day ahead on which it is looked at again")


def not_open(state: Unknown | Closed) -> Refused:
    match state:
        case Unknown():
            return Refused("request_unknown", "nobody asked for this; receive the request first")
        case Closed(_, SupportRequestDeclined() as by):
            return Refused("request_declined", f"this request was declined ({by.reason}); receive a new one")
        case Closed(_, by):
            return Refused(
                "request_withdrawn", f"this request was withdrawn ({by.reason}); receive a new one"
            )


def not_triaged() -> Refused:
    return Refused("request_not_triaged", "nobody judged yet how urgent this request is; triage it first")


def awaits_information(asked: InformationRequested) -> Refused:
    return Refused(
        "request_awaits_information",
        f"a question to whoever asked is open until {asked.answer_due_on}; record the answer, or decline",
    )


def has_offer() -> Refused:
    return Refused("request_has_offer", "a mentor is offered for this child; cancel the offer first")


def taken_on() -> Refused:
    return Refused(
        "request_taken_on",
        "this request was taken on; withdraw it when it is no longer wanted, or change the child's provision",
    )


def fulfilled() -> Refused:
    return Refused(
        "request_fulfilled", "a mentor supports this child; pause or exit the child, or end the assignment"
    )
