"""The session that a command is about, if the caller may act on it."""

from typing import Any
from uuid import UUID

from services.sessions.api.fields import own
from services.sessions.read_model.sessions import find_session
from shared.kernel.call import CommandCall
from shared.kernel.problems import NotFound


async def asked_session(session_id: UUID, call: CommandCall) -> dict[str, Any]:
    """The session as the read model has it. Raises Problem 403 and 404."""
    found = await call.reads(find_session, session_id)
    if found is None:
        raise NotFound("session", session_id)
    own(call.actor, found["mentor_id"])
    return found
