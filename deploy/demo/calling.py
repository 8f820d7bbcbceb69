"""Asking the services over HTTP as somebody, and waiting for what follows from a fact, never for a time."""

import asyncio
from collections.abc import AsyncIterable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx

from deploy.demo.answers import Answer
from deploy.demo.claims import DidNotHold, Exchange
from deploy.demo.story import Story

PATIENCE_SECONDS = 30.0
BREATH_SECONDS = 0.02
STORES = ("assignments", "sessions", "training", "notifications", "audit")
AT_ONCE = 64
ATTEMPTS = 3


@dataclass(frozen=True)
class House:
    """A running system: the address of each service, and the region it serves."""

    urls: Mapping[str, str]
    region: str
    run: str
    client: httpx.AsyncClient
    story: Story
    numbers: Iterator[int]

    def somebody(self, role: str, name: str) -> "Somebody":
        return Somebody(self, role, name)

    def url(self, path: str) -> str:
        service, _, rest = path.partition("/")
        return f"{self.urls[service].rstrip('/')}/{rest}"

    async def status(self, service: str) -> Any:
        """The service's own account of itself."""
        return (await self.client.get(self.url(f"{service}/status"))).raise_for_status().json()

    async def head(self, service: str) -> int:
        """Position of the last fact of a service."""
        return int((await self.status(service))["head"])

    async def heads(self, *services: str) -> list[str]:
        """The places of the last facts of these services (of all with a store)."""
        return [f"{service}:{await self.head(service)}" for service in services or STORES]


@dataclass(frozen=True)
class Somebody:
    """A caller with a role. `quiet`: done many times over, so not told one by one.

    `purpose` is why they look, when it is not what is usual for the role.
    """

    house: House
    role: str
    name: str
    quiet: bool = False
    purpose: str = ""

    @property
    def hushed(self) -> "Somebody":
        return replace(self, quiet=True)

    def looking_for(self, purpose: str) -> "Somebody":
        return replace(self, purpose=purpose)

    async def get(self, path: str, *after: str, **query: Any) -> Answer:
        """Ask, whatever the answer; it includes what stands at the places `after`."""
        params = {name: str(value) for name, value in query.items() if value is not None}
        if after:
            params["after"] = ",".join(after)
        return await self._send("GET", path, params=params)

    async def ask(self, path: str, *after: str, **query: Any) -> Any:
        """Ask; raises DidNotHold when it is not answered."""
        answer = await self.get(path, *after, **query)
        if answer.status != 200:
            raise DidNotHold(f"GET /{path} as {self.role}: {answer.status} {answer.gist()}")
        return answer.body

    async def ask_all(self, path: str, *after: str, **query: Any) -> list[Any]:
        """Every item of a list, page by page."""
        found: list[Any] = []
        cursor = None
        while True:
            page = await self.ask(path, *after, **query, cursor=cursor, limit=200)
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                return found

    async def until(
        self, path: str, holds: Callable[[Any], bool], what: str, *, source: str = "", **query: Any
    ) -> Any:
        """Ask again whenever `source` (the path's own service) records something, until it is so.

        Raises DidNotHold when it is not so after PATIENCE_SECONDS in which the answer stayed the same.
        """
        source, quiet_since = source or path.partition("/")[0], monotonic()
        position = await self.house.head(source)
        found = await self.ask(path, f"{source}:{position}", **query)
        while not holds(found):
            answer = await self.get(path, f"{source}:{position + 1}", **query)  # answers when there is more
            if answer.status == 200:
                position += 1
                if answer.body != found:
                    found, quiet_since = answer.body, monotonic()
                else:
                    # Looking at a record is itself recorded: without a breath we would wait for ourselves.
                    await asyncio.sleep(BREATH_SECONDS)
            elif answer.code != "not_caught_up":
                raise DidNotHold(f"GET /{path} as {self.role}: {answer.status} {answer.gist()}")
            if monotonic() - quiet_since > PATIENCE_SECONDS:
                raise DidNotHold(f"{what}: not so, and the answer stays the same: {str(found)[:500]}")
        return found

    async def send(
        self,
        path: str,
        body: Any = None,
        *after: str,
        key: str = "",
        content: AsyncIterable[bytes] | None = None,
    ) -> Answer:
        """Give a command, whatever the answer."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        if after:
            headers["Alongside-After"] = ",".join(after)
        if content is not None:
            headers["Content-Type"] = "text/csv"
            answer = await self._send("POST", path, content=content, headers=headers)
        else:
            answer = await self._send("POST", path, json=body, headers=headers)
        if not self.quiet:
            who = f"{self.name}, {self.role}" if len(self.name) < 30 else f"the {self.role}"
            self.house.story.exchange(Exchange(who, f"POST /{path}", answer.status, answer.gist()))
        return answer

    async def do(self, path: str, body: Any = None, *after: str, key: str = "") -> Answer:
        """Give a command; raises DidNotHold when it is refused."""
        answer = await self.send(path, body, *after, key=key)
        if answer.status not in (200, 201):
            raise DidNotHold(f"POST /{path} as {self.role}: {answer.status} {answer.gist()}")
        return answer

    async def put(self, path: str, body: Any) -> Answer:
        """Say how something is to be from now on; raises DidNotHold when it is refused."""
        answer = await self._send("PUT", path, json=body, headers={"Idempotency-Key": str(uuid4())})
        if answer.status != 200:
            raise DidNotHold(f"PUT /{path} as {self.role}: {answer.status} {answer.gist()}")
        self.house.story.exchange(
            Exchange(f"{self.name}, {self.role}", f"PUT /{path}", answer.status, answer.gist())
        )
        return answer

    async def refused(self, code: str, path: str, body: Any = None, *after: str) -> Answer:
        """Give a command that has to be refused for this reason."""
        answer = await self.send(path, body, *after)
        told = f"{answer.status} {answer.code}"
        self.house.story.same(f"refused: {code}", told, f"409 {code}")
        return answer

    async def _send(self, method: str, path: str, **more: Any) -> Answer:
        correlation = f"demo-{self.house.run}-{next(self.house.numbers)}"
        headers = {
            **more.pop("headers", {}),
            "Authorization": f"Bearer dev:{self.role}:{self.house.region}:{self.name}",
            "X-Correlation-ID": correlation,
        }
        if self.purpose:
            headers["Alongside-Purpose"] = self.purpose
        answer = await self._answered(method, path, headers=headers, **more)
        kind = answer.headers.get("content-type", "")
        is_document = "json" in kind and "cloudevents" not in kind
        body = answer.json() if is_document else answer.content
        return Answer(path.partition("/")[0], answer.status_code, body, dict(answer.headers), correlation)

    async def _answered(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer; a request whose answer was lost is sent again, and with the same key it is done once."""
        attempts = 1 if "content" in more else ATTEMPTS
        while True:
            try:
                return await self.house.client.request(method, self.house.url(path), **more)
            except httpx.HTTPError as silent:
                attempts -= 1
                if not attempts:
                    told = f"{method} /{path}: no answer ({type(silent).__name__} {silent})"
                    raise DidNotHold(told) from silent
