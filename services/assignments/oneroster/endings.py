"""What a roster no longer shows: an import undoes only what it did and nobody has acted upon."""

from collections.abc import Set
from uuid import UUID

from services.assignments.domain.roster import Support
from services.assignments.domain.support_request import (
    Closed,
    Received,
    SupportRequest,
    Unknown,
    WithdrawRequest,
    support_request,
)
from services.assignments.oneroster.office import Office
from services.assignments.oneroster.report import Item, Kind, What
from shared.kernel.decider import Refused


async def end_support(office: Office, support: Support, still: Set[UUID]) -> None:
    """Withdraw the request that nobody answered; tell a coordinator of any other. `still` are supported elsewhere."""
    office.items.append(
        _item(office, support, "gone", support.child_id, "the roster no longer shows one-to-one support")
    )
    if support.child_id in still:
        return
    asked: SupportRequest = await office.desk.state(support_request, support.request_id)
    match asked:
        case Received():
            try:
                command = WithdrawRequest("no_longer_needed", office.at)
                await office.desk.do(support_request, support.request_id, command)
            except Refused as refused:
                office.items.append(_item(office, support, "undecided", support.request_id, refused.message))
            else:
                office.items.append(_item(office, support, "withdrawn", support.request_id, ""))
        case Unknown() | Closed():
            return
        case _:
            detail = (
                "the roster no longer shows this child; the agency has answered, so a coordinator decides"
            )
            office.items.append(_item(office, support, "undecided", support.child_id, detail))


def absent(office: Office, support: Support) -> Item:
    """A support that a whole roster does not mention."""
    detail = "was in the roster before and is not in this whole one; ended only with end_absent"
    return _item(office, support, "absent", support.child_id, detail)


def _item(office: Office, support: Support, what: What, here: UUID, detail: str) -> Item:
    """It names the pupil's row where the roster in hand has it: what is known here is an id alone."""
    kind: Kind = "child" if what == "withdrawn" else "support"
    key = office.pupils.get(support.child_id, "")
    return Item(
        what=what, kind=kind, sourced_id=key, file="users.csv", line=office.line(key), id=here, detail=detail
    )
