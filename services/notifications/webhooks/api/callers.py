"""Who may see and change which endpoint: the office all of them, an integrator its own."""

from typing import Any
from uuid import UUID

from fastapi import Request

from services.notifications.webhooks import reading
from services.notifications.webhooks.addresses import Forbidden, Rule
from services.notifications.webhooks.api.shown import EndpointAsked
from services.notifications.webhooks.domain.endpoint import Target
from services.notifications.webhooks.lane import AGENCY
from services.notifications.webhooks.settings import WebhookSettings
from shared.kernel.auth import Actor
from shared.kernel.call import Lookup
from shared.kernel.integrators import NotGrantable, resolve
from shared.kernel.problems import NotFound, Problem
from shared.kernel.running import Running

OFFICE = ("operator", "manager")
ALL = (*OFFICE, "integrator")
MOST_ENDPOINTS = 100


def owner_of(actor: Actor) -> str | None:
    """Whose endpoints somebody sees; None: everybody's."""
    return actor.name if actor.role == "integrator" else None


async def theirs(request: Request, reads: Lookup, endpoint_id: UUID) -> dict[str, Any]:
    """The endpoint, if the caller may see it. Raises NotFound, also for somebody else's."""
    found = await reads(reading.find_endpoint, endpoint_id)
    owner = owner_of(request.state.actor)
    if found is None or owner not in (None, found["owner"]):
        raise NotFound("webhook", endpoint_id)
    return found


def target(running: Running, asked: EndpointAsked, owner: str) -> tuple[Target, list[str]]:
    """What was asked for as it is recorded, and warnings. Raises Problem for what may not be sent there."""
    settings = WebhookSettings()
    try:
        Rule(frozenset(settings.webhook_ports), settings.loopback).check_url(asked.url)
    except Forbidden as forbidden:
        raise Problem(
            422,
            "invalid_webhook_url",
            "facts can't be sent there",
            errors=[{"field": "url", "detail": str(forbidden)}],
        ) from None
    try:
        topics, warnings = resolve(asked.facts)
    except NotGrantable as refused:
        raise Problem(
            422,
            "invalid_webhook_facts",
            "not all of this can be sent",
            errors=[{"field": "facts", "detail": str(refused)}],
        ) from None
    if owner != AGENCY:
        _granted(running, owner, topics, asked.regions)
    regions = tuple(sorted(set(asked.regions)))
    return Target(asked.url, tuple(sorted(topics)), regions, asked.ordered), warnings


def _granted(running: Running, owner: str, topics: frozenset[str], regions: list[str]) -> None:
    integrator = running.integrators.find(owner)
    if integrator is None:
        raise Problem(
            422,
            "unknown_integrator",
            f"no integrator is named {owner}: `alongside integrator add` registers one",
        )
    refused = sorted(topic for topic in topics if not integrator.may_see(topic))
    beyond = sorted(set(regions) - integrator.regions)
    if refused or beyond:
        what = ", ".join(refused or [f"facts of {region}" for region in beyond])
        raise Problem(
            403, "not_granted", f"{owner} was not granted {what}: ask the agency for it, or leave it out"
        )


def secret_key() -> bytes:
    """What the secrets of endpoints follow from. Raises Problem when there is none."""
    key = WebhookSettings().webhook_key
    if key is None:
        raise Problem(
            503, "webhooks_off", "nothing can be signed: ALONGSIDE_WEBHOOK_KEY is not set for notifications"
        )
    return key.get_secret_value().encode()
