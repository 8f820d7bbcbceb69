"""Disclosures: copies of a person's whole record that left the agency."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Concerns, Fact, published
from shared.contracts.words.privacy import RetentionClass
from shared.contracts.words.purposes import DisclosedTo, Purpose


@published("audit.RecordDisclosed.v1", aggregate="disclosure")
class RecordDisclosed(Fact):
    """The whole record of a person was written out to be given away. The fact holds its digest, never its text."""

    disclosure_id: Annotated[UUID, Field(description="this one disclosure")]
    disclosed_to: Annotated[DisclosedTo, Field(description="whom the copy is for")]
    purpose: Annotated[Purpose, Field(description="why it was made")]
    classes: Annotated[
        tuple[RetentionClass, ...], Field(description="the classes of personal data that are readable in it")
    ]
    facts: Annotated[int, Field(ge=0, description="how many facts are in it")]
    withheld: Annotated[int, Field(ge=0, description="how many of its fields and facts are withheld")]
    known_at: Annotated[AwareDatetime, Field(description="only what was on record by then is in it")]
    ledger_size: Annotated[
        int | None,
        Field(description="leaves of the tree that its proofs lead to; none: there was no tree yet"),
    ] = None
    ledger_root: Annotated[str | None, Field(description="the root of that tree, 64 hex digits")] = None
    sha256: Annotated[
        str, Field(description="SHA-256 of the list of its files with their digests, 64 hex digits")
    ]
    disclosed_by: Annotated[str, Field(description="who made it, by role and name")]
    disclosed_at: Annotated[AwareDatetime, Field(description="when it was made")]
    child_id: Annotated[UUID | None, Concerns("child"), Field(description="the child whose record it is")] = (
        None
    )
    mentor_id: Annotated[
        UUID | None, Concerns("mentor"), Field(description="the mentor whose record it is")
    ] = None
