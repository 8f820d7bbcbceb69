"""Pupils as support requests: what a roster shows, a coordinator still has to answer."""

from dataclasses import dataclass
from uuid import UUID

from services.assignments.domain.child import Child, Exited, NotKnown, Referred, child
from services.assignments.domain.roster import Support, made_from
from services.assignments.domain.school import School, school
from services.assignments.domain.support_request import (
    ChildHere,
    ReceiveRequest,
    SupportRequest,
    support_request,
)
from services.assignments.domain.support_request import Unknown as NotAsked
from services.assignments.oneroster.choosing import Wanted
from services.assignments.oneroster.office import Office
from services.assignments.oneroster.report import Item
from services.assignments.read_model.alike import children_called
from shared.contracts.words.privacy import Unreadable
from shared.kernel.decider import Refused


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A child whose support is asked for, at which school."""

    request_id: UUID
    school_id: UUID


async def ask_for(office: Office, wanted: Wanted) -> AskedFor | None:
    """Ask for support of a child who is not asked for yet. None when a person has to decide first."""
    before = office.known.supports.get(wanted.place)
    school_id = office.known.links.get(made_from(office.source, "org", wanted.org)) if wanted.org else None
    school_id = school_id or (before.school_id if before else None)
    if school_id is None:
        detail = "the school is not known here; add its row to orgs.csv, with the URN"
        office.tell("child", wanted.pupil, detail)
        return None
    try:
        request_id = await _ask(office, wanted, before, school_id)
    except Refused as refused:
        office.tell("child", wanted.pupil, refused.message, wanted.child_id)
        return None
    return None if request_id is None else AskedFor(request_id, school_id)


async def _ask(office: Office, wanted: Wanted, before: Support | None, school_id: UUID) -> UUID | None:
    """The request for this child; None when a person has to look first. Raises Refused."""
    times = office.known.left.get(wanted.child_id, 0)
    others = (held for held in office.known.supports.values() if held.child_id == wanted.child_id)
    other = before or next(others, None)
    request_id = (
        other.request_id if other else made_from(office.source, f"request:{times}", str(wanted.child_id))
    )
    asked: SupportRequest = await office.desk.state(support_request, request_id)
    line = office.read.users.get(wanted.pupil)
    if not isinstance(asked, NotAsked):
        known_as, at_school = asked.received.child_name, asked.received.school_id
        if line and not isinstance(known_as, Unreadable) and line.record.name != known_as:
            office.tell(
                "child", wanted.pupil, "is called otherwise in the roster now; mend it by hand", request_id
            )
        if at_school != school_id:
            office.tell("child", wanted.pupil, "is at another school in the roster now", request_id)
        return request_id
    if line is None:
        detail = "has no row in users.csv here, and was not taken over before; send the row along"
        office.tell("child", wanted.pupil, detail)
        return None
    name = line.record.name
    alike = await office.desk.ask(children_called, name, school_id, wanted.child_id)
    if alike and wanted.pupil not in office.named:
        detail = (
            "a child of that name is known at that school; if this is another one, name the pupil (students)"
        )
        office.tell("child", wanted.pupil, detail)
        return None
    here: School = await office.desk.state(school, school_id)
    state: Child = await office.desk.state(child, wanted.child_id)
    command = ReceiveRequest(
        request_id=request_id,
        child_id=wanted.child_id,
        school_id=school_id,
        school_status=here.status if here else None,
        requester_kind="school",
        child_name=name,
        needs="The school's roster shows one-to-one support. Ask the school what for.",
        at=office.at,
        child_here=_here(state),
    )
    await office.desk.do(support_request, request_id, command)
    office.items.append(
        Item(
            what="requested",
            kind="child",
            sourced_id=wanted.pupil,
            file="users.csv",
            line=line.line,
            id=request_id,
        )
    )
    return request_id


def _here(state: Child) -> ChildHere:
    match state:
        case NotKnown():
            return "unknown"
        case Referred():
            return "referred"
        case Exited(_, exited):
            return "transferred" if exited.reason == "transferred" else "exited"
        case _:
            return "supported"
