"""Facts handed on to a program on this machine, as the webhooks it will get one day."""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import httpx
import typer
from standardwebhooks import Webhook

from deploy.credentials import write_private
from deploy.following.told import Told

ANSWER_SECONDS = 15.0
FILE = "listen-secret"


@dataclass(frozen=True)
class Forwarded:
    """What came of it: a status, or why there is none, and how long it took."""

    status: int | None
    why: str
    ms: float

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Forwarder:
    """Posts the stored bytes, signed by the Standard Webhooks rules, one after the other and each once."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret
        self._signing = Webhook(secret)
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False)

    async def close(self) -> None:
        await self._client.aclose()

    async def send(self, told: Told) -> Forwarded:
        """Never raises: a program that is being written fails often."""
        began = perf_counter()
        try:
            answer = await self._client.post(self.url, content=told.state, headers=self._headers(told))
            status, why = answer.status_code, ""
        except httpx.HTTPError as failed:
            status, why = None, str(failed) or type(failed).__name__
        return Forwarded(status, why, round((perf_counter() - began) * 1000, 1))

    def _headers(self, told: Told) -> dict[str, str]:
        """Those of the notifications service."""
        now, id_ = datetime.now(UTC), str(told.envelope.id)
        return {
            "content-type": "application/cloudevents+json",
            "user-agent": "Alongside-Webhooks/1",
            "webhook-id": id_,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signing.sign(id_, now, told.state.decode()),
            "alongside-attempt": "1",
        }


def checked(url: str) -> str:
    """An address to forward to; `:3000/hook` and `localhost:3000` are completed. Raises BadParameter."""
    whole = url if "://" in url else f"http://localhost{url}" if url.startswith(":") else f"http://{url}"
    parts = urlsplit(whole)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise typer.BadParameter(f"{url!r}: write an address such as http://localhost:3000/webhooks")
    return whole


def checked_secret(secret: str) -> str:
    """A secret as the Standard Webhooks want one. Raises BadParameter."""
    try:
        length = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        length = 0
    if not secret.startswith("whsec_") or not 24 <= length <= 64:
        raise typer.BadParameter("--secret: write whsec_ and 24 to 64 bytes in base64")
    return secret


def secret_of(data: Path | None) -> str:
    """The secret that this data directory listens with, made at first use: it is no endpoint's."""
    file = data / FILE if data else None
    if file is not None and file.exists():
        return file.read_text().strip()
    made = f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
    if file is not None:
        write_private(file, made)
    return made
