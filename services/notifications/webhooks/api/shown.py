"""What is shown of webhooks, and what is asked for."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

State = Literal["waiting", "taken", "failed", "dropped"]


class EndpointAsked(BaseModel):
    """Where which facts are to be sent, and how."""

    url: str = Field(
        description="https, a name of the public internet", examples=["https://hooks.example.org/in"]
    )
    facts: list[str] = Field(
        min_length=1, max_length=500, description="topics, or `sessions.*` for the open facts of a service"
    )
    regions: list[str] = Field(
        default=[], max_length=50, description="only their facts; empty: of every region"
    )
    ordered: bool = Field(default=False, description="each waits until the one before was taken or given up")


class EndpointAdded(EndpointAsked):
    """The same, and whose it is."""

    owner: str | None = Field(
        default=None, description="an integrator's name, or `agency`; an integrator adds its own alone"
    )


class Endpoint(BaseModel):
    """An endpoint as it stands."""

    endpoint_id: UUID
    owner: str
    url: str | None
    facts: list[str]
    regions: list[str]
    ordered: bool
    generation: Annotated[int, Field(description="which secret signs")]
    old_until: Annotated[datetime | None, Field(description="how long the one before signs along")]
    stands: Literal["enabled", "disabled", "removed"]
    why: str | None = Field(description="why it is disabled: `asked`, `failing`, `gone`")
    failing_since: datetime | None = Field(description="of what was warned of")
    disabled_from: datetime | None = Field(description="when it will be disabled, unless it takes something")
    disabled_at: datetime | None
    added_by: str | None
    added_at: datetime | None
    failures: int | None = Field(description="in a row")
    probe_at: datetime | None = Field(description="nothing is sent before then")
    taken_at: datetime | None = Field(description="when it last took something")
    failed_at: datetime | None = Field(description="when it last did not")


class EndpointWhole(Endpoint):
    """An endpoint with how many deliveries stand how."""

    deliveries: dict[State, int]


class Endpoints(BaseModel):
    """One page of endpoints."""

    items: list[Endpoint]
    next: str | None


class Delivery(BaseModel):
    """One fact on its way to one endpoint."""

    delivery_id: int
    endpoint_id: UUID
    event_id: UUID = Field(description="the fact's id, and the header webhook-id of each attempt")
    topic: str
    recorded_at: datetime
    state: State = Field(description="`failed`: given up; `dropped`: never to be sent, `error` says why")
    attempt: int = Field(description="how many were made")
    tries: int = Field(description="how many since it was last asked for")
    next_at: datetime | None
    status: int | None = Field(description="of the last answer")
    error: str | None
    ended_at: datetime | None


class Attempt(BaseModel):
    """One attempt: what was sent, and what came back."""

    attempt: int
    at: datetime
    took_ms: int
    sent: dict[str, str] = Field(
        description="the headers of the request; its body is the fact as it is stored"
    )
    status: int | None
    answered: dict[str, Any] | None = Field(description="the headers of the answer, cut")
    body: str | None = Field(description="the answer, cut to 2,000 bytes")
    error: str | None
    next_at: datetime | None


class DeliveryWhole(Delivery):
    """A delivery with every attempt."""

    attempts: list[Attempt]


class Deliveries(BaseModel):
    """One page of deliveries."""

    items: list[Delivery]
    next: str | None


class Again(BaseModel):
    """Which deliveries to send again; everything given must match."""

    states: list[Literal["taken", "failed", "dropped"]] = Field(default=["failed", "dropped"], min_length=1)
    topic: str | None = None
    since: AwareDatetime | None = Field(default=None, description="the fact was recorded then or later")
    until: AwareDatetime | None = Field(default=None, description="and before then")
    dry_run: bool = Field(default=False, description="only count")


class Recover(BaseModel):
    """Send whatever failed, or was never sent, since a time."""

    since: AwareDatetime
    before_added: bool = Field(default=False, description="also facts from before the endpoint was added")
    dry_run: bool = Field(default=False, description="only count")


class Asked(BaseModel):
    """What is sent again, or would be."""

    queued: int
    dry_run: bool


class Recovered(BaseModel):
    """What is sent: `failed` again, `missing` for the first time."""

    failed: int
    missing: int
    dry_run: bool


class Tested(BaseModel):
    """The event that was queued; look at its delivery."""

    event_id: UUID
