"""A fact as it was released, and what might become of it: harmless and harmful changes."""

from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import Field

from shared.contracts.fact import Concerns, Contract, Fact, Personal, contract_of, published

TOPIC = "specimens.KiteFlown.v1"
ID = uuid5(UUID(int=0), "kite")

KiteId = Annotated[UUID, Concerns("kite"), Field(description="the kite")]
ChildId = Annotated[UUID, Concerns("child"), Field(description="who flew it")]
Minutes = Annotated[int, Field(description="how long, in minutes")]
Wind = Annotated[Literal["calm", "breeze", "gale"], Field(description="how it blew")]
Note = Annotated[str, Personal(of="child_id", keep="casework"), Field(description="what the child said")]
Colours = Annotated[tuple[str, ...], Field(description="of the tail")]


class Part(Fact):
    name: Annotated[str, Field(description="which part")]


Parts = Annotated[tuple[Part, ...], Field(description="what it was made of")]


@published(TOPIC, aggregate="kite")
class KiteFlown(Fact):
    """A kite was flown."""

    kite_id: KiteId
    child_id: ChildId
    minutes: Minutes
    wind: Wind
    note: Note
    colours: Colours = ()
    parts: Parts = ()


@published("specimens.Grown.v1", aggregate="kite")
class Grown(KiteFlown):
    """A kite was flown, and we know how high."""

    metres: Annotated[int | None, Field(description="how high, in metres")] = None


@published("specimens.MoreWind.v1", aggregate="kite")
class MoreWind(KiteFlown):
    """A kite was flown."""

    wind: Annotated[Literal["calm", "breeze", "gale", "storm"], Field(description="how it blew")]  # type: ignore[assignment]


@published("specimens.Reworded.v1", aggregate="kite")
class Reworded(KiteFlown):
    """A kite was in the air."""


@published("specimens.WithoutMinutes.v1", aggregate="kite")
class WithoutMinutes(Fact):
    """A kite was flown."""

    kite_id: KiteId
    child_id: ChildId
    wind: Wind
    note: Note
    colours: Colours = ()
    parts: Parts = ()


@published("specimens.MinutesInWords.v1", aggregate="kite")
class MinutesInWords(KiteFlown):
    """A kite was flown."""

    minutes: Annotated[str, Field(description="how long")]  # type: ignore[assignment]


@published("specimens.MinutesMaybe.v1", aggregate="kite")
class MinutesMaybe(KiteFlown):
    """A kite was flown."""

    minutes: Minutes = 5


@published("specimens.MinutesOrNothing.v1", aggregate="kite")
class MinutesOrNothing(KiteFlown):
    """A kite was flown."""

    minutes: Annotated[int | None, Field(description="how long, in minutes")]  # type: ignore[assignment]


@published("specimens.HeightNeeded.v1", aggregate="kite")
class HeightNeeded(KiteFlown):
    """A kite was flown."""

    metres: Annotated[int, Field(description="how high, in metres")]


@published("specimens.ColoursNeeded.v1", aggregate="kite")
class ColoursNeeded(KiteFlown):
    """A kite was flown."""

    colours: Colours


@published("specimens.OtherDefault.v1", aggregate="kite")
class OtherDefault(KiteFlown):
    """A kite was flown."""

    colours: Colours = ("red",)


@published("specimens.LessWind.v1", aggregate="kite")
class LessWind(KiteFlown):
    """A kite was flown."""

    wind: Annotated[Literal["calm", "breeze"], Field(description="how it blew")]


@published("specimens.NoteForAll.v1", aggregate="kite")
class NoteForAll(KiteFlown):
    """A kite was flown."""

    note: Annotated[str, Field(description="what the child said")]


@published("specimens.NobodysChild.v1", aggregate="kite")
class NobodysChild(KiteFlown):
    """A kite was flown."""

    kite_id: Annotated[UUID, Field(description="the kite")]


@published("specimens.CountedColours.v1", aggregate="kite")
class CountedColours(KiteFlown):
    """A kite was flown."""

    colours: Annotated[tuple[int, ...], Field(description="of the tail")] = ()  # type: ignore[assignment]


class Measured(Fact):
    size: Annotated[int, Field(description="in centimetres")]


@published("specimens.OtherParts.v1", aggregate="kite")
class OtherParts(KiteFlown):
    """A kite was flown."""

    parts: Annotated[tuple[Measured, ...], Field(description="made of")] = ()  # type: ignore[assignment]


@published("specimens.OtherAggregate.v1", aggregate="child")
class OtherAggregate(KiteFlown):
    """A kite was flown."""


@published("specimens.Undescribed.v1", aggregate="kite")
class Undescribed(KiteFlown):
    minutes: int


HARMLESS: tuple[type[Fact], ...] = (Grown, Reworded)
HARMFUL: dict[type[Fact], str] = {
    WithoutMinutes: "field minutes was removed",
    MinutesInWords: "field minutes changed its type from integer to string",
    MinutesMaybe: "field minutes was required and is not any more",
    MinutesOrNothing: "field minutes changed its type from integer to integer or null",
    HeightNeeded: "new field metres has no default",
    ColoursNeeded: "field colours lost its default",
    OtherDefault: "field colours has another default",
    MoreWind: "field wind may now be 'storm'",
    LessWind: "field wind no longer allows 'gale'",
    NoteForAll: "field note: whose personal data it is changed",
    NobodysChild: "field kite_id: whom it concerns changed (kite became nobody)",
    CountedColours: "field colours[] changed its type from string to integer",
    OtherParts: "field parts[].name was removed",
    OtherAggregate: "its aggregate changed from kite to child",
}


def now(model: type[Fact]) -> list[Contract]:
    """The contracts of a program in which KiteFlown has become this."""
    found = contract_of(model)
    return [Contract(TOPIC, found.aggregate, model, found.concerns, found.personal, found.kept)]


def kite(_: type[Fact]) -> Fact:
    """The example."""
    return KiteFlown(
        kite_id=ID, child_id=ID, minutes=20, wind="gale", note="higher!", colours=("red", "blue")
    )
