"""The closed lists of the records office: why somebody is forgotten, and why not yet."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Concerns

Person: TypeAlias = Literal["child", "mentor", "recipient"]
"""Who can be forgotten."""

Ground: TypeAlias = Literal[
    # UK GDPR, Article 17(1) (a) to (e), in its order
    "no_longer_necessary",
    "consent_withdrawn",
    "objection",
    "unlawful",
    "legal_obligation",
]
HoldReason: TypeAlias = Literal["legal_claim", "authority_request", "inquiry", "complaint"]
"""None of them tells that there is a safeguarding concern: an authority asks for many reasons."""
KeptBecause: TypeAlias = Literal["still_supported", "retention_period", "legal_hold"]
RefusedBecause: TypeAlias = Literal["not_the_person", "unfounded", "withdrawn", "everything_is_kept"]
Outcome: TypeAlias = Literal["erase", "retain"]

ErasureId = Annotated[UUID, Concerns("erasure"), Field(description="this one erasure")]
HoldId = Annotated[UUID, Concerns("hold"), Field(description="this one legal hold")]
