"""Whoever is shown a record is on record themselves, before the answer leaves."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from starlette.types import Scope

from shared.contracts.fact import Fact, contract_of
from shared.kernel.auth import Actor
from shared.kernel.commands import execute
from shared.kernel.decider import Decider
from shared.kernel.envelope import Origin, new_id
from shared.kernel.running import Running
from shared.kernel.sight import Sight


def _decide(seen: bool, view: Fact) -> Sequence[Fact]:
    return () if seen else (view,)


def _evolve(_: bool, __: Fact) -> bool:
    return True


_view: Decider[bool, Fact] = Decider("view", False, _decide, _evolve)
"""A stream for each view: views never wait for each other."""


def subjects(scope: Scope) -> Mapping[str, UUID] | None:
    """Whom the answer to this request is about: by the ids in its address, and by what its route said it shows.

    Empty when it is about many, and personal fields were opened for a purpose that is not the role's usual one: that
    is on record as well. None when there is nothing to record: for anything but a GET by somebody known, and in a
    service that keeps no record of views.
    """
    running: Running | None = getattr(scope["app"].state, "running", None)
    if scope["method"] != "GET" or running is None or running.viewed is None:
        return None
    state = scope.get("state", {})
    if "actor" not in state:
        return None
    named = {**scope.get("path_params", {}), **state.get("shows", {})}
    about = contract_of(running.viewed).concerns
    found = {name: UUID(str(value)) for name, value in named.items() if name in about}
    sight: Sight = state["sight"]
    return found if found or (sight.claimed and sight.shown) else None


async def record(scope: Scope, about: Mapping[str, UUID]) -> None:
    """Record that these were shown. Raises StoreUnavailable: then nothing may be shown."""
    running: Running = scope["app"].state.running
    actor: Actor = scope["state"]["actor"]
    sight: Sight = scope["state"]["sight"]
    now = running.clock.now()
    view_id = new_id(now)
    assert running.viewed is not None
    fields: dict[str, Any] = {
        "view_id": view_id,
        "viewer": actor.name,
        "viewer_role": actor.role,
        "record": f"/{running.service}{scope['route'].path}",
        "viewed_at": now,
        "purpose": sight.purpose,
        "classes": sorted(sight.shown),
        **about,
    }
    origin = Origin(
        region=running.settings.region,
        service=running.service,
        actor=str(actor),
        at=now,
        correlation_id=scope["state"]["correlation_id"],
        causation_id=str(view_id),
    )
    await execute(running.store, _view, view_id, running.viewed(**fields), origin=origin, new=True)
