"""The services over HTTP: one question, one answer, and what to show when there is none."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from services.console.identity import Identity
from services.console.settings import ConsoleSettings

MOST_PAGES = 10
LISTEN_SECONDS = 30
"""Without a word for so long, twice what the services let pass, a stream of events is broken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said; `problem` is a sentence for people when it said no, or nothing."""

    status: int
    body: Any = None
    problem: str = ""

    @property
    def ok(self) -> bool:
        return not self.problem

    @property
    def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.body["items"] if self.ok else []
        return found


@dataclass(frozen=True)
class Services:
    """Asks the services as one identity. Never raises: a service that is away is an answer, too."""

    client: httpx.AsyncClient
    settings: ConsoleSettings
    identity: Identity = field(default_factory=Identity)

    async def get(self, service: str, path: str, **params: Any) -> Answer:
        """Ask for something; parameters that are None are left out."""
        return await self._send("GET", service, path, params)

    async def text(self, service: str, path: str) -> Answer:
        """Ask for something that is text, such as a signed note."""
        return await self._send("GET", service, path, {}, plain=True)

    async def post(self, service: str, path: str, *, key: str, body: Any = None) -> Answer:
        """Have something done, once for this idempotency key."""
        return await self._send("POST", service, path, {}, {"Idempotency-Key": key}, body)

    async def put(self, service: str, path: str, body: Any, *, key: str) -> Answer:
        """Have something be as in this body, once for this idempotency key."""
        return await self._send("PUT", service, path, {}, {"Idempotency-Key": key}, body)

    async def events(
        self, service: str, path: str, *, last: str | None, **params: Any
    ) -> AsyncIterator[bytes]:
        """Server-sent events as they come; ends when the service goes away, and the browser asks again."""
        url = self.settings.service_urls.get(service, "")
        told = self.identity.headers(self.settings.region)
        if last is not None:
            told["Last-Event-ID"] = last
        try:
            async with self.client.stream(
                "GET", url + path, params=params, headers=told, timeout=LISTEN_SECONDS
            ) as answer:
                if answer.is_success:
                    async for part in answer.aiter_bytes():
                        yield part
        except httpx.HTTPError:
            return

    async def every(self, service: str, path: str, **params: Any) -> Answer:
        """All items of a list, over as many pages as a person may want to see."""
        answer = await self.get(service, path, limit=200, **params)
        items = list(answer.items)
        for _ in range(MOST_PAGES - 1):
            if not answer.ok or answer.body["next"] is None:
                break
            answer = await self.get(service, path, limit=200, cursor=answer.body["next"], **params)
            items += answer.items
        return Answer(200, {**answer.body, "items": items}) if answer.ok else answer

    async def names(self, service: str, path: str, key: str) -> dict[str, str]:
        """Names by id, as far as this identity may see them."""
        return {item[key]: item["name"] for item in (await self.every(service, path)).items}

    async def all_status(self) -> dict[str, Answer]:
        """How every service is."""
        names = [name for name in self.settings.service_urls if name != "console"]
        answers = await asyncio.gather(*(self.get(name, "/status") for name in names))
        return dict(zip(names, answers, strict=True))

    async def _send(
        self,
        method: str,
        service: str,
        path: str,
        params: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
        sent: Any = None,
        plain: bool = False,
    ) -> Answer:
        url = self.settings.service_urls.get(service)
        if url is None:
            return Answer(0, problem=f"The {service} service is not part of this system.")
        told = {
            **self.identity.headers(self.settings.region),
            "X-Correlation-ID": str(uuid4()),
            **(headers or {}),
        }
        asked = {name: value for name, value in params.items() if value is not None}
        try:
            response = await self.client.request(method, url + path, params=asked, headers=told, json=sent)
            body = response.text if plain and response.is_success else response.json()
        except (httpx.HTTPError, ValueError):
            return Answer(0, problem=f"The {service} service does not answer at present.")
        if response.is_success:
            return Answer(response.status_code, body)
        said = body.get("detail") if isinstance(body, dict) else None
        return Answer(response.status_code, body, f"{service.capitalize()}: {said or response.reason_phrase}")
