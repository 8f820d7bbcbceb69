"""The facts of an erasure, from the request until the keys are gone."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.audit.person import OfPerson, Recipients
from shared.contracts.fact import published
from shared.contracts.words.privacy import RetentionClass
from shared.contracts.words.records import ErasureId, Ground, KeptBecause, Outcome, RefusedBecause

Commitment = Annotated[
    str,
    Field(
        description="SHA-256 of the receipt and the person's id, 64 hex digits: matched by whoever has both"
    ),
]
Epoch = Annotated[
    int | None,
    Field(description="the keyring's epoch then: once its key is destroyed, no backup opens them either"),
]
Classes = Annotated[tuple[RetentionClass, ...], Field(description="which parts of the record")]


class ClassDecision(BaseModel):
    """What is decided about one part of the record."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    keep: Annotated[RetentionClass, Field(description="the part of the record")]
    outcome: Annotated[Outcome, Field(description="erased once it is approved, or kept for now")]
    until: Annotated[
        date | None,
        Field(description="when kept: the first day on which it is erased by itself; None: to be asked anew"),
    ] = None
    why: Annotated[KeptBecause | None, Field(description="when kept: what outranks the request")] = None


@published("audit.ErasureRequested.v1", aggregate="record")
class ErasureRequested(OfPerson):
    """Somebody asked that a person be forgotten. The receipt was told to whoever asked, and is kept nowhere."""

    erasure_id: ErasureId
    ground: Annotated[Ground, Field(description="on what ground: UK GDPR, Article 17(1)")]
    classes: Classes
    commitment: Commitment
    requested_by: Annotated[str, Field(description="who asked, by role and name")]
    requested_at: Annotated[AwareDatetime, Field(description="when it was asked")]


@published("audit.ErasureDecided.v1", aggregate="record")
class ErasureDecided(OfPerson):
    """What of the request is done, and what is kept on which ground; a later decision replaces an earlier one."""

    erasure_id: ErasureId
    decisions: Annotated[tuple[ClassDecision, ...], Field(description="one for each part asked for")]
    recipient_ids: Recipients = ()
    ended_on: Annotated[
        date | None, Field(description="first day without the person: periods run from it; None: still here")
    ] = None
    decided_by: Annotated[str, Field(description="who decided, by role and name")]
    decided_at: Annotated[AwareDatetime, Field(description="when it was decided")]


@published("audit.ErasureRefused.v1", aggregate="record")
class ErasureRefused(OfPerson):
    """The request leads to nothing, and why."""

    erasure_id: ErasureId
    why: Annotated[RefusedBecause, Field(description="why, in one word")]
    refused_by: Annotated[str, Field(description="who refused it, by role and name")]
    refused_at: Annotated[AwareDatetime, Field(description="when it was refused")]


@published("audit.ErasureApproved.v1", aggregate="record")
class ErasureApproved(OfPerson):
    """One of the two people it takes has approved the decision as it stands."""

    erasure_id: ErasureId
    approved_by: Annotated[str, Field(description="who approved, by role and name")]
    approved_at: Annotated[AwareDatetime, Field(description="when it was approved")]


@published("audit.RetentionEnded.v1", aggregate="record")
class RetentionEnded(OfPerson):
    """The day has come until which an approved decision kept a part of the record."""

    erasure_id: ErasureId
    keep: Annotated[RetentionClass, Field(description="the part of the record")]
    ended_at: Annotated[AwareDatetime, Field(description="when it fell due")]


@published("audit.ErasureOrdered.v1", aggregate="record")
class ErasureOrdered(OfPerson):
    """From here on it can't be called off: the keys are destroyed, and every service named has to forget."""

    erasure_id: ErasureId
    classes: Classes
    recipient_ids: Recipients = ()
    services: Annotated[tuple[str, ...], Field(description="who has to acknowledge")]
    commitment: Commitment
    follows: Annotated[
        UUID | None,
        Field(description="the erasure whose decision kept these parts until now; None: it is the first"),
    ] = None
    ordered_at: Annotated[AwareDatetime, Field(description="when it was ordered")]


@published("audit.KeysDestroyed.v1", aggregate="record")
class KeysDestroyed(OfPerson):
    """No copy of the keys is left in the keyring, and none can be made again: what they sealed reads `erased`."""

    erasure_id: ErasureId
    classes: Classes
    recipient_ids: Recipients = ()
    destroyed: Annotated[int, Field(description="how many keys there were to destroy")]
    epoch: Epoch = None
    ordered_at: Annotated[
        AwareDatetime, Field(description="what is recorded later is late: it is quarantined")
    ]
