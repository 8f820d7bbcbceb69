"""The facts of addresses outside the house that facts are sent to."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Concerns, Fact, published

WebhookId = Annotated[UUID, Concerns("webhook"), Field(description="the endpoint")]
Owner = Annotated[str, Field(description="the integrator's name, or `agency`")]
Url = Annotated[str, Field(description="where facts are sent; https, and no secret of ours in it")]
Topics = Annotated[tuple[str, ...], Field(description="the facts that are sent there, by topic")]
Regions = Annotated[tuple[str, ...], Field(description="only those of these regions; empty: of every region")]
Ordered = Annotated[
    bool, Field(description="whether each waits until the one before it was taken or given up")
]
By = Annotated[str, Field(description="who did it, as role:name")]
DisabledBecause: TypeAlias = Literal["asked", "failing", "gone"]


@published("notifications.WebhookAdded.v1", aggregate="webhook")
class WebhookAdded(Fact):
    """Facts of these kinds are sent to this address from now on, each signed, each until it is taken."""

    endpoint_id: WebhookId
    owner: Owner
    url: Url
    facts: Topics
    regions: Regions = ()
    ordered: Ordered = False
    added_by: By
    added_at: Annotated[AwareDatetime, Field(description="from when on facts are sent")]


@published("notifications.WebhookChanged.v1", aggregate="webhook")
class WebhookChanged(Fact):
    """What is sent, where or how, is another from now on; told is how it is as a whole."""

    endpoint_id: WebhookId
    owner: Owner
    url: Url
    facts: Topics
    regions: Regions = ()
    ordered: Ordered = False
    changed_by: By
    changed_at: Annotated[AwareDatetime, Field(description="from when on")]


@published("notifications.WebhookSecretRotated.v1", aggregate="webhook")
class WebhookSecretRotated(Fact):
    """A new secret signs; the one before signs along for a while. Neither is in any fact."""

    endpoint_id: WebhookId
    owner: Owner
    generation: Annotated[int, Field(ge=2, description="which secret signs now; the first is 1")]
    old_until: Annotated[AwareDatetime, Field(description="how long the one before signs along")]
    rotated_by: By
    rotated_at: Annotated[AwareDatetime, Field(description="since when the new one signs")]


@published("notifications.WebhookFailing.v1", aggregate="webhook")
class WebhookFailing(Fact):
    """An address has taken nothing for days: when that goes on, it will be disabled."""

    endpoint_id: WebhookId
    owner: Owner
    host: Annotated[str, Field(description="the host of the address")]
    failing_since: Annotated[AwareDatetime, Field(description="when the first of the failures was")]
    disabled_from: Annotated[
        AwareDatetime, Field(description="when it will be disabled, unless it takes one")
    ]
    warned_at: Annotated[AwareDatetime, Field(description="when this was said")]


@published("notifications.WebhookDisabled.v1", aggregate="webhook")
class WebhookDisabled(Fact):
    """Nothing is sent there any more until somebody enables it again. What waits, waits."""

    endpoint_id: WebhookId
    owner: Owner
    host: Annotated[str, Field(description="the host of the address")]
    why: Annotated[
        DisabledBecause,
        Field(description="somebody asked; it took nothing for days; it answered that it is gone (410)"),
    ]
    failing_since: Annotated[
        AwareDatetime | None, Field(description="when the first of the failures was, if they are why")
    ] = None
    disabled_by: By
    disabled_at: Annotated[AwareDatetime, Field(description="since when")]


@published("notifications.WebhookEnabled.v1", aggregate="webhook")
class WebhookEnabled(Fact):
    """Facts are sent there again, beginning with those that wait."""

    endpoint_id: WebhookId
    owner: Owner
    enabled_by: By
    enabled_at: Annotated[AwareDatetime, Field(description="since when")]


@published("notifications.WebhookRemoved.v1", aggregate="webhook")
class WebhookRemoved(Fact):
    """The address is no endpoint of ours any more, and will not be again."""

    endpoint_id: WebhookId
    owner: Owner
    removed_by: By
    removed_at: Annotated[AwareDatetime, Field(description="since when")]
