"""An aide of a roster is a mentor who is known by address, or an applicant from now on."""

from uuid import UUID

from services.assignments.domain.mentor import mentor
from services.assignments.domain.mentor_commands import Apply
from services.assignments.domain.mentor_states import Applicant, Mentor, Unknown
from services.assignments.domain.roster import Support
from services.assignments.oneroster.choosing import Wanted
from services.assignments.oneroster.office import Office
from services.assignments.oneroster.reading import Flaw
from services.assignments.oneroster.report import Item
from services.assignments.read_model.alike import mentors_at
from shared.contracts.words.privacy import Unreadable


async def mentor_of(office: Office, wanted: Wanted, before: Support | None) -> UUID | None:
    """The mentor whom the aide is: known by address, or an applicant from now on. Raises Refused."""
    if wanted.aide_id is None:
        return None
    held = (support for support in office.known.supports.values() if support.aide_id == wanted.aide_id)
    found = before if before and before.aide_id == wanted.aide_id else next(held, None)
    line = office.read.users.get(wanted.aide)
    mentor_id = found.mentor_id if found and found.mentor_id else wanted.aide_id
    state: Mentor = await office.desk.state(mentor, mentor_id)
    if not isinstance(state, Unknown):
        who = state.applied if isinstance(state, Applicant) else state.engaged
        own = mentor_id == wanted.aide_id and not isinstance(who.name, Unreadable)
        if line and own and (line.record.name, line.record.email) != (who.name, who.email):
            office.tell("mentor", wanted.aide, "has another name or address in the roster now", mentor_id)
        return mentor_id
    if line is None:
        office.tell("mentor", wanted.aide, "has no row in users.csv here; send the row along")
        return None
    user = line.record
    if not user.email:
        mend = "write the aide's address; a mentor is written to"
        flaw = Flaw("users", line.line, "email", "", "is empty", mend)
        if flaw not in office.read.flaws:
            office.read.flaws.append(flaw)
            office.read.rejected["users"] += 1
        return None
    match await office.desk.ask(mentors_at, user.email):
        case []:
            if await office.desk.do(
                mentor, wanted.aide_id, Apply(wanted.aide_id, user.name, user.email, office.today)
            ):
                office.items.append(
                    Item(
                        what="applied",
                        kind="mentor",
                        sourced_id=wanted.aide,
                        file="users.csv",
                        line=line.line,
                        id=wanted.aide_id,
                    )
                )
            return wanted.aide_id
        case [only]:
            return only
        case several:
            office.tell(
                "mentor", wanted.aide, f"{len(several)} mentors read e-mail at this address; which is it?"
            )
            return None
