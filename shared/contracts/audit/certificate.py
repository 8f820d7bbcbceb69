"""The fact that somebody was forgotten, fit to be shown to anybody: it names nobody."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.audit.erasure import Classes, Commitment, Epoch
from shared.contracts.fact import Fact, published
from shared.contracts.words.privacy import RetentionClass
from shared.contracts.words.records import ErasureId, Ground, KeptBecause


class Acknowledged(BaseModel):
    """One service's word that it has forgotten."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    service: Annotated[str, Field(description="which service")]
    position: Annotated[int, Field(description="the position of its SubjectForgotten among its facts")]
    rows: Annotated[int, Field(description="rows of its read models in which something was blotted out")]


class StillKept(BaseModel):
    """A part of the record that is not erased yet."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    keep: Annotated[RetentionClass, Field(description="the part of the record")]
    why: Annotated[KeptBecause, Field(description="what outranks the request")]
    until: Annotated[
        date | None,
        Field(description="the first day on which it is erased by itself; None: to be asked anew"),
    ] = None


@published("audit.ErasureCertified.v1", aggregate="certificate")
class ErasureCertified(Fact):
    """The keys are gone, and every service has said that it has forgotten. No id of the person is in it."""

    erasure_id: ErasureId
    commitment: Commitment
    ground: Annotated[Ground, Field(description="on what ground: UK GDPR, Article 17(1)")]
    classes: Classes
    kept: Annotated[tuple[StillKept, ...], Field(description="what was asked for and is still kept")] = ()
    destroyed: Annotated[int, Field(description="how many keys were destroyed")]
    epoch: Epoch = None
    acknowledged: Annotated[tuple[Acknowledged, ...], Field(description="by every service, in order of name")]
    ordered_at: Annotated[AwareDatetime, Field(description="when it was ordered")]
    complete_at: Annotated[AwareDatetime, Field(description="when the last of them acknowledged")]
