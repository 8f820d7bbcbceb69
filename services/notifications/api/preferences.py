"""How somebody wants to be told, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from services.notifications.api.callers import OFFICE, is_recipient
from services.notifications.domain.preferences import Preferences
from services.notifications.domain.recipient import SetPreferences, recipient
from services.notifications.read_model.register import find_recipient
from shared.contracts.words.telling import Category, Channel, DigestEvery, Language, NotificationType
from shared.kernel.auth import Actor
from shared.kernel.call import Call, Reads, anyone, seen
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["recipients"])
FOR_OTHERS = ("coordinator", "manager")


class Wishes(BaseModel):
    """All of it as it is to be from now on. What is urgent or is to be acknowledged comes all the same."""

    channels: dict[Category | NotificationType, tuple[Channel, ...]] = Field(
        {}, examples=[{"sessions": ["in_app"], "log_late": ["in_app", "email"]}]
    )
    quiet_from: Annotated[str | None, Field(examples=["20:00"])] = None
    quiet_until: Annotated[str | None, Field(examples=["07:00"])] = None
    time_zone: str = "Europe/London"
    digest: DigestEvery = "none"
    digest_hour: Annotated[int, Field(ge=0, le=23)] = 17
    digest_weekday: Annotated[int, Field(ge=1, le=7)] = 5
    language: Language | None = None

    def preferences(self) -> Preferences:
        chosen = dict(self)
        del chosen["language"]
        return Preferences(**chosen)


@router.get("/recipients/{recipient_id}/preferences", dependencies=[anyone(), seen("recipients")])
async def show_preferences(request: Request, recipient_id: UUID, reads: Reads) -> dict[str, Any]:
    """How this recipient is told; without a choice, how everybody is."""
    actor: Actor = request.state.actor
    found = await reads(find_recipient, recipient_id)
    if found is None or not (actor.role in OFFICE or await is_recipient(actor, recipient_id, reads)):
        raise NotFound("recipient", recipient_id)
    chosen = Preferences(**found["preferences"]) if found["preferences"] else Preferences()
    return {**chosen.values(), "language": found["language"]}


@router.put("/recipients/{recipient_id}/preferences", dependencies=[anyone()])
async def set_preferences(recipient_id: UUID, body: Wishes, call: Call) -> Response:
    """Say how to be told: the recipient, or the office for them."""
    if await call.reads(find_recipient, recipient_id) is None:
        raise NotFound("recipient", recipient_id)
    if call.actor.role not in FOR_OTHERS and not await is_recipient(call.actor, recipient_id, call.reads):
        raise Problem(
            403, "not_allowed", "only the recipient, or the office for them, can say how to be told"
        )
    command = SetPreferences(body.preferences(), body.language, call.now)
    return await call.decide(recipient, recipient_id, command)
