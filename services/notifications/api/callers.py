"""Who may see and do what with notifications, beyond the role that a route asks for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.channels.wording import worded
from services.notifications.read_model.register import find_recipient
from shared.contracts.words.privacy import RetentionClass
from shared.kernel.auth import Actor
from shared.kernel.call import Lookup
from shared.kernel.paging import after, wrong_cursor
from shared.kernel.sight import covered

OFFICE = ("coordinator", "manager", "compliance", "auditor", "operator")
NAMES: Mapping[str, RetentionClass] = {"child_name": "profile", "mentor_name": "employment"}
ADDRESSES: Mapping[str, RetentionClass] = {"name": "contact", "email": "contact", "phone": "contact"}
LINKS = {"mentor": "mentor_id", "parent": "child_id", "school": "school_id"}
"""Roles that hear of one person, child or school only, by what: they see their own inbox and no other."""


async def is_recipient(actor: Actor, recipient_id: UUID, reads: Lookup) -> bool:
    """Whether the caller is this recipient. Those who hear of one person only are known by id or address."""
    found = await reads(find_recipient, recipient_id)
    if found is None or found["role"] != actor.role:
        return False
    if actor.role not in LINKS:
        return True
    # a parent is known by their child and not by its school, which others are known by
    known = (found[name] for name in ("recipient_id", "email", LINKS[actor.role]))
    return actor.name in {str(each) for each in known if each is not None}


def hears_of_concerns(actor: Actor) -> bool:
    """Whether the caller may know that a concern was raised."""
    return actor.role == "dsl"


def with_words(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its text, in the language it was requested in; names as the caller may see them."""
    words = worded(
        row["type"], row["language"], row["parameters"], row["recipient_role"] or "", row["session_zone"]
    )
    return {**covered(row, NAMES), "subject_line": words.subject_line, "body": words.body}


def place_of(row: dict[str, Any]) -> list[Any]:
    """Where a page of notifications ends."""
    return [row["requested_at"].isoformat(), str(row["notification_id"])]


def place(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Where the page before ended. Raises Problem 422 when no page ended so."""
    found = after(cursor)
    if found is None:
        return None
    try:
        at, id_ = found
        return datetime.fromisoformat(at), UUID(id_)
    except (TypeError, ValueError, AttributeError):
        raise wrong_cursor() from None
