"""An operator at the command line, and a trainer whose courses give facts: for tests of the verbs."""

import json
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx


@dataclass(frozen=True)
class Said:
    """How a verb ended."""

    code: int
    out: str
    err: str

    @property
    def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)["items"]
        return found


def alongside(data: Path, *words: str) -> Said:
    """Run one verb on the system of this data directory, as a process of its own."""
    command = [sys.executable, "-P", "-m", "shared.kernel.cli", *words, "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return Said(done.returncode, done.stdout, done.stderr)


def draft(url: str, title: str, region: str = "uk-london") -> tuple[str, int]:
    """A course of this title is drafted at a training service, which is one fact: its id and the position."""
    answer = httpx.post(
        f"{url}/courses",
        json={"track": "induction", "title": title, "draft": True},
        headers={"Authorization": f"Bearer dev:trainer:{region}:tess", "Idempotency-Key": str(uuid.uuid4())},
        timeout=30,
        trust_env=False,
    )
    answer.raise_for_status()
    told = answer.json()
    return told["course_id"], told["position"]


def status(url: str) -> dict[str, Any]:
    """What one process says of itself; {} when it does not answer."""
    try:
        found: dict[str, Any] = httpx.get(f"{url}/status", timeout=5, trust_env=False).json()
    except httpx.HTTPError:
        return {}
    return found


def ready(url: str) -> tuple[int, dict[str, str]]:
    """The code of /ready, and every check that is not ok with what it says."""
    try:
        answer = httpx.get(f"{url}/ready", timeout=5, trust_env=False)
    except httpx.HTTPError:
        return 0, {}
    checks = answer.json()["checks"]
    return answer.status_code, {name: check["detail"] for name, check in checks.items() if not check["ok"]}
