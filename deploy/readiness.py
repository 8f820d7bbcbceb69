"""Waiting until services say they are ready, and what to say when they don't."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx


class Stopped(Exception):
    """Asked to stop while starting."""


class NotReady(Exception):
    """Services that did not become ready in time, each with its reason."""


def is_ready(url: str) -> bool:
    """One short question to one service."""
    with httpx.Client(timeout=0.5, trust_env=False) as client:
        return ask(client, url)[0]


def is_alive(url: str) -> bool:
    """Whether the process serves at all, which it does once it has prepared."""
    try:
        return httpx.get(f"{url}/health", timeout=0.5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def ask(client: httpx.Client, url: str) -> tuple[bool, str]:
    """Whether the service is ready, and what hinders it."""
    try:
        answer = client.get(f"{url}/ready")
    except httpx.HTTPError as silent:
        return False, f"no answer ({type(silent).__name__})"
    if answer.status_code == 200:
        return True, "ready"
    try:
        return False, failing(answer.json()) or f"answers {answer.status_code}"
    except ValueError:
        return False, f"answers {answer.status_code}"


def failing(body: Any) -> str:
    """The failing checks of a readiness document, in words."""
    checks = body.get("checks", {}) if isinstance(body, dict) else {}
    if not isinstance(checks, dict):
        return ""
    bad = {name: check for name, check in checks.items() if isinstance(check, dict) and not check.get("ok")}
    return "; ".join(f"{name}: {check.get('detail', 'not ok')}" for name, check in bad.items())


def wait(
    urls: Mapping[str, str], seconds: float, stopped: Callable[[], bool], ready: Callable[[str], None]
) -> dict[str, str]:
    """Asks until all are ready, `seconds` have passed or `stopped`; those left, with the reason."""
    until, left = time.monotonic() + seconds, dict.fromkeys(urls, "not asked yet")
    with httpx.Client(timeout=2, trust_env=False) as client:
        while left and time.monotonic() < until and not stopped():
            for name in list(left):
                fine, left[name] = ask(client, urls[name])
                if fine:
                    del left[name]
                    ready(name)
            if left:
                time.sleep(0.05)
    return left
