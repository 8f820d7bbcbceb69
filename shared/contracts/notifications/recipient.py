"""The facts of who can be told something, and how they want to be told."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.notifications.notification import OfChild, OfMentor, OfSchool
from shared.contracts.words.ids import RecipientId
from shared.contracts.words.telling import (
    Category,
    Channel,
    DigestEvery,
    Language,
    NotificationType,
    RecipientRole,
)


class RecipientDetails(Fact):
    """Who can be told something, and on whose account.

    A mentor hears of their own work, a parent of their child's, a school of the children in it; the other
    roles hear of everything in their region.
    """

    recipient_id: RecipientId
    role: Annotated[RecipientRole, Field(description="decides what this recipient hears of")]
    name: Annotated[
        str, Personal(of="recipient_id", keep="contact"), Field(description="how the recipient is addressed")
    ]
    email: Annotated[str, Personal(of="recipient_id", keep="contact"), Field(description="where e-mail goes")]
    phone: Annotated[
        str | None,
        Personal(of="recipient_id", keep="contact"),
        Field(description="where text messages go, with country code; None: nowhere"),
    ] = None
    language: Annotated[Language, Field(description="the language to write in")] = "en"
    region: Annotated[str, Field(description="the region whose matters this recipient hears of")]
    mentor_id: OfMentor = None
    child_id: OfChild = None
    school_id: OfSchool = None


@published("notifications.RecipientRegistered.v1", aggregate="recipient")
class RecipientRegistered(RecipientDetails):
    """Somebody can be told things from now on."""


@published("notifications.RecipientDetailsChanged.v1", aggregate="recipient")
class RecipientDetailsChanged(RecipientDetails):
    """The details of a recipient are these from now on."""


@published("notifications.RecipientRemoved.v1", aggregate="recipient")
class RecipientRemoved(Fact):
    """Somebody is told nothing any more, and what waits for them is not sent."""

    recipient_id: RecipientId
    removed_at: Annotated[AwareDatetime, Field(description="when they were removed")]


LocalTime = Annotated[
    str | None, Field(description="time of day `HH:MM` in the time zone; None: no such hours")
]


@published("notifications.PreferencesSet.v1", aggregate="recipient")
class PreferencesSet(Fact):
    """How a recipient wants to be told; replaces what was set before. What is urgent comes all the same."""

    recipient_id: RecipientId
    channels: Annotated[
        Mapping[Category | NotificationType, tuple[Channel, ...]],
        Field(description="channels by type or category; a type outweighs its category; absent: the usual"),
    ] = {}
    quiet_from: LocalTime = None
    quiet_until: LocalTime = None
    time_zone: Annotated[str, Field(description="IANA time zone of quiet hours and digest")] = "Europe/London"
    digest: Annotated[DigestEvery, Field(description="how often e-mail that is not urgent is gathered")] = (
        "none"
    )
    digest_hour: Annotated[int, Field(description="hour of the day, 0 to 23, at which it goes out")] = 17
    digest_weekday: Annotated[int, Field(description="of a weekly one: 1 is Monday, 7 is Sunday")] = 5
    language: Annotated[Language, Field(description="the language to write in")] = "en"
    set_at: Annotated[AwareDatetime, Field(description="when they were set")]
