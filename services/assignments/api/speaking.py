"""Who may speak for whom: a mentor and a school sign in under their own ids, a parent under the child's."""

from datetime import date
from uuid import UUID

from services.assignments.read_model.children import child
from services.assignments.read_model.cover import Access, access_to_plan
from services.assignments.read_model.mentors import evidence_of
from shared.contracts.eligibility import shortfalls
from shared.kernel.auth import Actor
from shared.kernel.call import CommandCall, Lookup
from shared.kernel.problems import Problem


def themselves(actor: Actor, mentor_id: UUID) -> None:
    """A mentor speaks for themselves alone: they sign in under their id. Raises Problem 403."""
    if actor.role == "mentor" and actor.name != str(mentor_id):
        raise Problem(
            403,
            "not_allowed",
            "a mentor may do this for themselves alone; sign in under your mentor id, or ask a coordinator",
        )


def speaks_for(call: CommandCall, mentor_id: UUID) -> None:
    """The same, for a command."""
    themselves(call.actor, mentor_id)


def their_child(actor: Actor, child_id: UUID, school_id: UUID) -> None:
    """A parent speaks for their child, a school for the children in it. Raises Problem 403."""
    if actor.role == "parent" and actor.name != str(child_id):
        raise Problem(
            403,
            "not_allowed",
            "a parent speaks for their own child; sign in under the child's id, or ask a coordinator",
        )
    if actor.role == "school" and actor.name != str(school_id):
        raise Problem(
            403,
            "not_allowed",
            "a school speaks for the children in it; sign in under the school's id, or ask a coordinator",
        )


async def may_ask(reads: Lookup, actor: Actor, child_id: UUID, today: date) -> None:
    """A mentor asks of a child while its plan is open to them; others as their_child says. Raises Problem 403."""
    if actor.role == "mentor":
        access = await plan_access(reads, actor, child_id, today)
        if access.role is None:
            raise Problem(403, "plan_not_open", access.why_not or "")
    elif actor.role in ("school", "parent"):
        found = await reads(child, child_id)
        if found is not None:
            their_child(actor, child_id, found["school_id"])


async def plan_access(reads: Lookup, actor: Actor, child_id: UUID, today: date) -> Access:
    """Whether, and for how long, this mentor may read the child's plan; or why not."""
    try:
        mentor_id = UUID(actor.name)
    except ValueError:
        return Access(None, None, "sign in under your mentor id: plans are opened for a mentor, by id")
    lacking = shortfalls(await reads(evidence_of, mentor_id), today)
    if any(shortfall.item == "suspension" for shortfall in lacking):
        return Access(None, None, "no plan is open to you while you are suspended; ask your coordinator")
    return await reads(access_to_plan, child_id, mentor_id, today)
