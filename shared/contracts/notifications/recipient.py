"""The facts of who can be told something."""

from typing import Annotated

from pydantic import Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.notifications.notification import OfChild, OfMentor, OfSchool
from shared.contracts.words.ids import RecipientId
from shared.contracts.words.telling import RecipientRole


class RecipientDetails(Fact):
    """Who can be told something, and on whose account.

    A mentor hears of their own work, a parent of their child's, a school of the children in it; the other
    roles hear of everything in their region.
    """

    recipient_id: RecipientId
    role: Annotated[RecipientRole, Field(description="decides what this recipient hears of")]
    name: Annotated[str, Personal(of="recipient_id"), Field(description="how the recipient is addressed")]
    email: Annotated[str, Personal(of="recipient_id"), Field(description="where e-mail goes")]
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
