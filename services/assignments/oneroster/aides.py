"""An aide of a roster is a mentor who is known by address, or an applicant from now on."""

from uuid import UUID

from services.assignments.domain.mentor import mentor
from services.assignments.domain.mentor_commands import Apply
from services.assignments.domain.mentor_states import Applicant, Mentor, Unknown
from services.assignments.oneroster.office import Office
from services.assignments.oneroster.reading import Flaw
from services.assignments.oneroster.report import Item
from services.assignments.read_model.alike import mentors_at
from shared.contracts.words.privacy import Unreadable
from shared.kernel.decider import Refused


async def mentor_of(office: Office, aide_id: UUID, aide: str) -> UUID | None:
    """The mentor whom the aide with this sourcedId is. None when a person has to decide first."""
    held = (support for support in office.known.supports.values() if support.aide_id == aide_id)
    found = next((support.mentor_id for support in held if support.mentor_id), None)
    try:
        return await _taken(office, aide_id, aide, found or aide_id)
    except Refused as refused:
        office.tell("mentor", aide, refused.message, aide_id)
        return found


async def _taken(office: Office, aide_id: UUID, aide: str, mentor_id: UUID) -> UUID | None:
    """Known by number, else by address, else an applicant from now on. Raises Refused."""
    line = office.read.users.get(aide)
    state: Mentor = await office.desk.state(mentor, mentor_id)
    if not isinstance(state, Unknown):
        who = state.applied if isinstance(state, Applicant) else state.engaged
        own = mentor_id == aide_id and not isinstance(who.name, Unreadable)
        if line and own and (line.record.name, line.record.email) != (who.name, who.email):
            office.tell("mentor", aide, "has another name or address in the roster now", mentor_id)
        return mentor_id
    if line is None:
        office.tell("mentor", aide, "has no row in users.csv here; send the row along")
        return None
    user = line.record
    if not user.email:
        mend = "write the aide's address; a mentor is written to"
        office.read.flaws.append(Flaw("users", line.line, "email", "", "is empty", mend))
        office.read.rejected["users"] += 1
        return None
    match await office.desk.ask(mentors_at, user.email):
        case []:
            if await office.desk.do(mentor, aide_id, Apply(aide_id, user.name, user.email, office.today)):
                office.items.append(
                    Item(
                        what="applied",
                        kind="mentor",
                        sourced_id=aide,
                        file="users.csv",
                        line=line.line,
                        id=aide_id,
                    )
                )
            return aide_id
        case [only]:
            return only
        case several:
            office.tell("mentor", aide, f"{len(several)} mentors read e-mail at this address; which is it?")
            return None
