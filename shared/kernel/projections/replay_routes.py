"""The routes by which a read model is replayed from facts that somebody else kept: /<service>/operations/replays/..."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request

from shared.kernel.problems import Problem
from shared.kernel.projections.checkpoints import Gap, Lost
from shared.kernel.projections.followers import Followers
from shared.kernel.projections.rebuilds import NotPossible
from shared.kernel.projections.replayed import Replayed

_batch = msgspec.msgpack.Decoder(list[tuple[int, bytes, str]])


def add_replays(router: APIRouter) -> None:
    """Begin, feed, compare, remove: by whoever has the facts."""

    @router.get("/replays")
    async def read_models(request: Request) -> dict[str, list[str]]:
        """The read models that can be replayed here."""
        return {"read_models": sorted(one.name for one in _of(request).runners.service.projections)}

    @router.post("/replays/{name}")
    async def begin(request: Request, name: str) -> dict[str, Any]:
        """Copy the live tables of a projection, and make empty ones beside them; up to where they are to be filled."""
        return {"sources": await _replayed(request, name).begin()}

    @router.post("/replays/{name}/facts/{source}")
    async def take(request: Request, name: str, source: str) -> dict[str, int]:
        """Apply facts: a list of position, bytes and signature, in MessagePack; they follow those before."""
        try:
            batch = _batch.decode(await request.body())
            return {"position": await _replayed(request, name).take(source, batch)}
        except msgspec.MsgspecError as rubbish:
            raise Problem(422, "invalid_request", str(rubbish)) from None
        except (Gap, Lost) as refused:
            raise Problem(409, "not_possible", str(refused)) from None

    @router.post("/replays/{name}/compare")
    async def compare(request: Request, name: str) -> dict[str, Any]:
        """What differs between the copies of the live tables and those that were filled."""
        return await _replayed(request, name).compare()

    @router.post("/replays/{name}/remove")
    async def remove(request: Request, name: str) -> dict[str, str]:
        """Drop both."""
        await _replayed(request, name).remove()
        return {"removed": name}


def _replayed(request: Request, name: str) -> Replayed:
    followers = _of(request)
    try:
        projection = followers.rebuilds.find(name)
    except NotPossible as unknown:
        raise Problem(404, "not_found", str(unknown)) from None
    service, sealer = followers.runners.service, followers.runners.issuer.sealer
    return Replayed(followers.pool, service.metadata, projection, sealer)


def _of(request: Request) -> Followers:
    followers: Followers = request.app.state.running.waiter
    return followers
