"""A small aggregate to try the kernel on: a kettle that may boil once it is filled, and never twice at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.fact import Concerns, Fact, published
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.decider import Claim, Decider, Refused


@published("kettles.KettleFilled.v1", aggregate="kettle")
class KettleFilled(Fact):
    """Water went in."""

    millilitres: int


@published("kettles.KettleBoiled.v1", aggregate="kettle")
class KettleBoiled(Fact):
    """It sang."""


@published("kettles.DryBoilAttempted.v1", aggregate="kettle")
class DryBoilAttempted(Fact):
    """Somebody tried to boil no water: an attempt worth remembering."""


@published("kettles.KettleSeen.v1", aggregate="view")
class KettleSeen(Fact):
    """Somebody was shown a kettle."""

    view_id: UUID
    kettle_id: Annotated[UUID | None, Concerns("kettle")] = None
    owner_id: Annotated[UUID | None, Concerns("owner")] = None
    viewer: str
    viewer_role: str
    record: str
    viewed_at: AwareDatetime


@dataclass(frozen=True)
class Kettle:
    millilitres: int = 0
    boiling: bool = False


@dataclass(frozen=True)
class Fill:
    millilitres: int


@dataclass(frozen=True)
class Boil:
    pass


def decide(state: Kettle, command: Fill | Boil) -> Sequence[Fact]:
    match command:
        case Fill(millilitres) if state.millilitres == millilitres:
            return ()
        case Fill(millilitres) if millilitres > 2000:
            raise Refused("too_much_water", "fill at most 2000 ml")
        case Fill(millilitres):
            return (KettleFilled(millilitres=millilitres),)
        case Boil() if not state.millilitres:
            raise Refused("no_water", "fill it first", facts=(DryBoilAttempted(),))
        case Boil():
            return () if state.boiling else (KettleBoiled(),)


def evolve(state: Kettle, fact: KettleFilled | KettleBoiled | DryBoilAttempted) -> Kettle:
    match fact:
        case KettleFilled(millilitres=millilitres):
            return Kettle(millilitres)
        case KettleBoiled():
            return replace(state, boiling=True)
        case DryBoilAttempted():
            return state


def claims(state: Kettle) -> frozenset[Claim]:
    taken = Claim("the hob", "hob_taken", "another kettle is on the hob; wait for it")
    return frozenset([taken]) if state.boiling else frozenset()


kettle = Decider("kettle", Kettle(), decide, evolve, claims)


class Filling(BaseModel):
    millilitres: int = Field(gt=0)


OWNER = UUID("5f0c5f5e-8f5c-4a55-9c3f-0d6f6f7f2a11")

router = APIRouter(tags=["kettles"])


@router.post("/kettles", status_code=201, dependencies=[allows("coordinator")])
async def fill_new(body: Filling, call: Call) -> Response:
    stream = call.new_id()
    command = Fill(body.millilitres)
    return await call.decide(kettle, stream, command, status=201, location="/kettles/kettles/{id}", new=True)


@router.post("/kettles/{kettle_id}/fill", dependencies=[allows("coordinator")])
async def fill(kettle_id: UUID, body: Filling, call: Call) -> Response:
    return await call.decide(kettle, kettle_id, Fill(body.millilitres))


@router.post("/kettles/{kettle_id}/boil", dependencies=[allows("coordinator", "mentor")])
async def boil(kettle_id: UUID, call: Call) -> Response:
    return await call.decide(kettle, kettle_id, Boil())


@router.put("/kettles/{kettle_id}/carefully", dependencies=[allows("coordinator")])
async def carefully(kettle_id: UUID, body: Filling, call: Call) -> Response:
    call.require_match()
    return await call.decide(kettle, kettle_id, Fill(body.millilitres))


async def counted(db: AsyncConnection, stream: UUID) -> int:
    found = await db.execute(
        text("SELECT count(*) FROM stored_events WHERE originator_id = :s"), {"s": stream}
    )
    return int(found.scalar_one())


@router.get("/kettles/{kettle_id}", dependencies=[allows("coordinator", "auditor"), seen("kettles")])
async def show(kettle_id: UUID, reads: Reads) -> dict[str, int]:
    reads.shows(owner_id=OWNER)
    return {"facts": await reads(counted, kettle_id)}
