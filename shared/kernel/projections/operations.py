"""The routes by which an operator sees and mends what follows facts: /<service>/operations/..."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from shared.kernel.auth import allows
from shared.kernel.problems import NotFound, Problem
from shared.kernel.projections import mending, parked
from shared.kernel.projections.followers import Followers
from shared.kernel.projections.parked import Which
from shared.kernel.projections.rebuilds import NotPossible
from shared.kernel.projections.replay_routes import add_replays

# Streams that one call retries or discards; the answer says where to go on.
AT_ONCE = 100


class Choice(BaseModel):
    """Which parked facts; everything given must match. `topic` and `error` are parts of the text."""

    projection: str | None = None
    source: str | None = None
    stream: UUID | None = None
    position: int | None = None
    topic: str | None = None
    error: str | None = None
    dry_run: bool = Field(False, description="do it and take it back")
    after: str | None = Field(None, description="`next` of the answer before")

    @property
    def which(self) -> Which:
        return Which(self.projection, self.source, self.stream, self.position, self.topic, self.error)


class Discard(Choice):
    """Facts given up, and why."""

    reason: str = Field(min_length=3)


def operations_router() -> APIRouter:
    """Every route needs the role operator. The application's `running.waiter` is the service's Followers."""
    router = APIRouter(prefix="/operations", tags=["operations"], dependencies=[allows("operator")])

    @router.get("/parked")
    async def list_parked(
        request: Request,
        choice: Annotated[Choice, Query()],
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> dict[str, Any]:
        """Streams with parked facts, by their first one."""
        async with _of(request).pool.connection() as connection:
            found = await parked.keys(connection, choice.which, _cursor(choice.after), limit)
        return {"items": [key._asdict() for key in found], "next": _next(found, limit)}

    @router.get("/parked/{projection}/{source}/{position}")
    async def show_parked(request: Request, projection: str, source: str, position: int) -> dict[str, Any]:
        """One parked fact with the event as it was stored."""
        which = Which(projection, source, position=position)
        async with _of(request).pool.connection() as connection:
            found = await parked.facts(connection, which, limit=1)
        if not found:
            raise NotFound("parked fact", f"{projection}/{source}/{position}")
        answer = found[0]._asdict()
        state = answer.pop("state")
        try:
            return answer | {"event": msgspec.json.decode(state)}
        except msgspec.MsgspecError:
            return answer | {"bytes": state.hex()}

    @router.post("/parked/retry")
    async def retry(request: Request, choice: Choice) -> dict[str, Any]:
        """Apply parked facts again, stream by stream; the first that fails stops its stream."""
        followers = _of(request)
        found, following = await _chosen(followers, choice)
        done = []
        for key in found:
            try:
                runner = followers.runners.redoing(key.projection, key.source)
                done.append(
                    await mending.retry(
                        followers.pool, runner, key.stream, position=choice.position, dry_run=choice.dry_run
                    )
                )
            except KeyError as gone:  # parked by an earlier program; it can only be given up
                done.append(mending.Done(key.projection, key.source, key.stream, 0, str(gone.args[0])))
            except mending.NotFirst as refused:
                raise Problem(409, "not_first", str(refused)) from None
        return {"items": [asdict(one) for one in done], "next": following, "dry_run": choice.dry_run}

    @router.post("/parked/discard")
    async def discard(request: Request, choice: Discard) -> dict[str, Any]:
        """Give parked facts up; they are kept aside with the reason and who gave it."""
        followers = _of(request)
        found, following = await _chosen(followers, choice)
        done = [
            await mending.discard(
                followers.pool,
                Which(key.projection, key.source, position=choice.position),
                key.stream,
                reason=choice.reason,
                actor=str(request.state.actor),
                dry_run=choice.dry_run,
            )
            for key in found
        ]
        return {"items": [asdict(one) for one in done], "next": following, "dry_run": choice.dry_run}

    _add_projections(router)
    add_replays(router)
    return router


def _add_projections(router: APIRouter) -> None:
    @router.get("/projections")
    async def list_projections(request: Request) -> dict[str, Any]:
        """How each listener is, and every rebuild."""
        followers = _of(request)
        # Asked first: a rebuild that ends in between is shown as ended, and as what it came to.
        under_way = followers.rebuilds.under_way()
        rebuilds = [
            asdict(view) | {"under_way": view.projection in under_way}
            for view in await followers.rebuilds.views()
        ]
        return {"projections": [asdict(state) for state in followers.states()], "rebuilds": rebuilds}

    @router.post("/projections/{name}/rebuild", status_code=202)
    async def rebuild(
        request: Request,
        name: str,
        processes: Annotated[int, Query(ge=1, le=64)] = 1,
        fresh: bool = False,
    ) -> dict[str, str]:
        """Begin a rebuild beside the live tables, or take an interrupted one up again."""
        try:
            await _of(request).rebuilds.begin(name, processes, fresh)
        except NotPossible as refused:
            raise Problem(409, "not_possible", str(refused)) from None
        return {"rebuilding": name}

    @router.post("/projections/{name}/switch")
    async def switch(request: Request, name: str, back: bool = False) -> dict[str, str]:
        """Serve from the rebuilt tables; or `back` from the former ones."""
        try:
            await _of(request).rebuilds.switch(name, back)
        except NotPossible as refused:
            raise Problem(409, "not_possible", str(refused)) from None
        return {"switched": name}

    @router.post("/projections/{name}/compare")
    async def compare(request: Request, name: str) -> dict[str, Any]:
        """What differs between the live tables and those beside them, at the same position."""
        try:
            return {"items": await _of(request).rebuilds.compare(name)}
        except NotPossible as refused:
            raise Problem(409, "not_possible", str(refused)) from None


def _of(request: Request) -> Followers:
    followers: Followers = request.app.state.running.waiter
    return followers


async def _chosen(followers: Followers, choice: Choice) -> tuple[list[parked.ParkedKey], str | None]:
    """The streams that a choice means, a page of them; a position means the stream of that fact."""
    which = choice.which
    async with followers.pool.connection() as connection:
        if choice.position is not None:
            facts = await parked.facts(connection, which, limit=2)
            if not facts:
                return [], None
            if len(facts) > 1:
                raise Problem(
                    422, "invalid_request", "several parked facts match; name projection and source"
                )
            which = Which(facts[0].projection, facts[0].source, facts[0].stream)
        found = await parked.keys(connection, which, _cursor(choice.after), AT_ONCE)
    return found, _next(found, AT_ONCE)


def _cursor(after: str | None) -> tuple[str, str, int] | None:
    if after is None:
        return None
    try:
        projection, source, position = after.split("/")
        return projection, source, int(position)
    except ValueError:
        raise Problem(422, "invalid_request", "after: use `next` of the answer before") from None


def _next(found: list[parked.ParkedKey], limit: int) -> str | None:
    """Where the next page begins: after a retry or discard the page itself may be gone."""
    if len(found) < limit:
        return None
    return f"{found[-1].projection}/{found[-1].source}/{found[-1].position}"
