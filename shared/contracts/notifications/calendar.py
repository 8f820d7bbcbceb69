"""The fact of an address at which somebody's calendar can be read."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, published
from shared.contracts.words.ids import RecipientId


@published("notifications.CalendarLinkIssued.v1", aggregate="calendar_link")
class CalendarLinkIssued(Fact):
    """A recipient's calendar can be read at a new address, and at no earlier one any more."""

    recipient_id: RecipientId
    digest: Annotated[
        str,
        Field(description="SHA-256 of what is secret in the address, in hex; the secret itself is not kept"),
    ]
    issued_at: Annotated[AwareDatetime, Field(description="from when on the address can be read")]
