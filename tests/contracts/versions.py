"""A fact in two versions, with the function that brings the older one up to date."""

from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import Field

from shared.contracts.fact import Concerns, Fact, contract_of, published, upcasts

FIRST, SECOND = "specimens.LanternLit.v1", "specimens.LanternLit.v2"
LanternId = Annotated[UUID, Concerns("lantern"), Field(description="the lantern")]


@published(FIRST, aggregate="lantern")
class LanternLitFirst(Fact):
    """A lantern was lit."""

    lantern_id: LanternId
    hours: Annotated[int, Field(description="for how long, in hours")]
    colour: Annotated[Literal["red", "blue"], Field(description="of its light")]


@published(SECOND, aggregate="lantern")
class LanternLit(Fact):
    """A lantern was lit, and somebody looks after it."""

    lantern_id: LanternId
    minutes: Annotated[int, Field(description="for how long, in minutes")]
    colour: Annotated[Literal["red", "blue", "green"], Field(description="of its light")]
    watched: Annotated[bool, Field(description="whether somebody looks after it")] = False


@upcasts(FIRST)
def in_minutes(fact: LanternLitFirst) -> LanternLit:
    """Hours become minutes; nobody looks after it."""
    return LanternLit(lantern_id=fact.lantern_id, minutes=60 * fact.hours, colour=fact.colour)


BOTH = [contract_of(LanternLitFirst), contract_of(LanternLit)]
CHANGES = (
    "hours is gone",
    "minutes is new: integer, always there; for how long, in minutes",
    "watched is new: boolean, False where it is missing; whether somebody looks after it",
    "colour may also be green",
    "the fact now means: A lantern was lit, and somebody looks after it.",
)


def lantern(model: type[Fact]) -> Fact:
    """The example of each version."""
    lantern_id = uuid5(UUID(int=0), "lantern")
    if model is LanternLitFirst:
        return LanternLitFirst(lantern_id=lantern_id, hours=2, colour="red")
    return LanternLit(lantern_id=lantern_id, minutes=120, colour="red")
