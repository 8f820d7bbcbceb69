"""The whole way on a running system: the deliverer killed while it sends, and the past recovered."""

import asyncio
import csv
import io
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.embedded import System
from tests.notifications.webhooks.receiver import receiver

MANY = 600
SCHOOLS = Path(__file__).parents[3] / "deploy" / "demo" / "schools.csv"
TOPIC = "assignments.SchoolRegistered.v1"


def register() -> bytes:
    """So many schools, as the national register writes them."""
    rows = list(csv.DictReader(io.StringIO(SCHOOLS.read_text("latin-1"))))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows[n % len(rows)] | {"URN": str(200_000 + n)} for n in range(MANY))
    return text.getvalue().encode()


@pytest.mark.long
async def test_nothing_is_lost_when_the_deliverer_is_killed_while_it_sends(data_dir: Path) -> None:
    with System(data_dir, only=("assignments", "notifications"), ready_seconds=90) as system:
        await asyncio.to_thread(system.wait_ready, seconds=90)
        async with receiver() as at, httpx.AsyncClient(timeout=60) as client:
            place: list[int] = []

            async def post(service: str, path: str, key: str, **body: Any) -> Any:
                headers = {"Authorization": "Bearer dev:operator:uk-london:olu", "Idempotency-Key": key}
                headers |= {"Content-Type": "text/csv"} if "content" in body else {}
                if service == "notifications" and place:
                    headers["Alongside-After"] = f"notifications:{place[-1]}"
                answer = await client.post(f"{system.urls[service]}{path}", headers=headers, **body)
                assert answer.status_code < 300, answer.text
                told = answer.json()
                place.extend([told["position"]] if "endpoint_id" in told else [])
                return told

            async def until(count: int) -> None:
                async with asyncio.timeout(90):
                    while len(set(at.ids)) < count:
                        at.came.clear()
                        await at.came.wait()

            added = await post("notifications", "/webhooks", "1", json={"url": at.url, "facts": [TOPIC]})
            at.secret = added["secret"]
            at.hang = asyncio.Event()
            await post("assignments", "/schools/import", "2", content=register())
            await until(10)
            system.kill("notifications")
            at.hang.set()
            await until(MANY)
            assert at.unverified == 0
            assert len(at.got) > MANY, "what was under way was sent again under its id"

            later = await post(
                "notifications", "/webhooks", "3", json={"url": at.url + "2", "facts": [TOPIC]}
            )
            path = f"/webhooks/{later['endpoint_id']}/recover"
            asked = {"since": "2020-01-01T00:00:00Z"}
            dry = await post("notifications", path, "4", json=asked | {"before_added": True, "dry_run": True})
            assert dry["missing"] == MANY
            assert (await post("notifications", path, "5", json=asked))["missing"] == 0
            at.secret = later["secret"]
            at.got.clear()
            await post("notifications", path, "6", json=asked | {"before_added": True})
            await until(MANY)
            assert at.unverified == 0
