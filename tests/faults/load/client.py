"""Clients that never give up on a command, and remember every answer."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.faults.checker.journal import Attempt, Command

LATE_SECONDS = 4.0
PATIENCE_SECONDS = 20.0
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.4


@dataclass
class Client:
    """Sends commands over HTTP, each attempt into the journal; `urls` are the services' own."""

    urls: Mapping[str, str]
    region: str
    journal: list[Command] = field(default_factory=list)
    late_seconds: float = LATE_SECONDS

    def __post_init__(self) -> None:
        limits = httpx.Limits(max_connections=32, max_keepalive_connections=16)
        self.http = httpx.AsyncClient(timeout=self.late_seconds, limits=limits, trust_env=False)

    async def command(
        self,
        service: str,
        path: str,
        body: Any = None,
        *,
        role: str = "coordinator",
        name: str = "ruth",
        region: str = "",
        after: str = "",
    ) -> dict[str, Any] | None:
        """Send until it is answered; the answer's body when it is 2xx, else None."""
        command = Command(service, path, body, role, name, region or self.region, str(uuid4()), after)
        self.journal.append(command)
        attempt = await self.insist(command)
        if attempt is None or attempt.status is None or not 200 <= attempt.status < 300:
            return None
        found: dict[str, Any] = attempt.body
        return found

    async def insist(self, command: Command) -> Attempt | None:
        """Repeat it under its key until it is answered with less than 500; None when patience ends."""
        until, pause = time.monotonic() + PATIENCE_SECONDS, FIRST_PAUSE
        while time.monotonic() < until:
            attempt = await self.send(command)
            if attempt.status is not None and attempt.status < 500:
                return attempt
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        return None

    async def send(self, command: Command) -> Attempt:
        """One attempt. No answer, for whatever reason, is remembered as none."""
        who = f"dev:{command.role}:{command.region}:{command.name}"
        headers = {"Idempotency-Key": command.key, "Authorization": f"Bearer {who}"}
        content = command.body if isinstance(command.body, bytes) else json.dumps(command.body).encode()
        if command.after:
            headers["Alongside-After"] = command.after
        headers["Content-Type"] = "text/csv" if isinstance(command.body, bytes) else "application/json"
        try:
            answer = await self.http.post(
                f"{self.urls[command.service]}{command.path}", content=content, headers=headers
            )
            attempt = Attempt(answer.status_code, answer.json())
        except (httpx.HTTPError, json.JSONDecodeError):
            attempt = Attempt(None, None)
        command.attempts.append(attempt)
        return attempt

    async def ask(self, service: str, path: str, role: str = "coordinator", **query: Any) -> Any:
        """GET; None when there is no answer of 200."""
        headers = {"Authorization": f"Bearer dev:{role}:{self.region}:ruth"}
        try:
            answer = await self.http.get(f"{self.urls[service]}{path}", params=query, headers=headers)
        except httpx.HTTPError:
            return None
        return answer.json() if answer.status_code == 200 else None

    async def close(self) -> None:
        await self.http.aclose()
