"""docs/consumers.json: which listeners of which service read which fact, as the services' own program says."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from deploy.services import SERVICES, WITHOUT_STORE
from shared.contracts.fact import Contract

Listed: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
"""Service -> its listeners, as `shared.kernel.listed` tells them."""

SECONDS = 60


class Unanswered(Exception):
    """The services' own program could not say who listens; the message is its last line."""


@dataclass(frozen=True, order=True)
class Consumer:
    """Something that reads a fact. `keeps_bytes`: it takes facts as they are, and understands none of them."""

    service: str
    listener: str
    kind: str
    keeps_bytes: bool = False

    @property
    def durable(self) -> str:
        """Its durable on the stream of the fact's service."""
        return f"{self.service}-{self.listener}"

    @property
    def said(self) -> str:
        return f"{self.service}.{self.listener} ({self.kind})"


Consumers: TypeAlias = Mapping[str, tuple[Consumer, ...]]
"""Topic -> who reads it."""


def ask(root: Path) -> Listed | None:
    """Every listener of every service, from one process of theirs; None in a house without services.

    Raises Unanswered.
    """
    if not (root / "services").is_dir():
        return None
    modules = [f"services.{name}.main" for name in SERVICES if name not in WITHOUT_STORE]
    command = [sys.executable, "-P", "-m", "shared.kernel.listed", *modules]
    env = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        command, cwd=root, env=env, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    if done.returncode:
        raise Unanswered(" ".join(done.stderr.strip().splitlines()[-1:]))
    found: Listed = json.loads(done.stdout)
    return found


def consumers(known: Iterable[Contract], listed: Listed) -> Consumers:
    """Who reads each fact. A listener reads every version of what it names: older ones are brought up to date."""
    everyone = [
        (Consumer(service, one["name"], one["kind"], one["facts"] is None), one)
        for service, listeners in sorted(listed.items())
        for one in listeners
    ]
    return {
        contract.topic: tuple(sorted(who for who, one in everyone if _reads(one, contract)))
        for contract in known
    }


def _reads(one: Mapping[str, Any], contract: Contract) -> bool:
    if one["facts"] is None:
        return contract.service in one["sources"]
    return any(topic.rsplit(".v", 1)[0] == contract.topic.rsplit(".v", 1)[0] for topic in one["facts"])


def committed(path: Path) -> Consumers:
    """Who read each fact when it was last written."""
    if not path.exists():
        return {}
    found: Mapping[str, Sequence[Mapping[str, Any]]] = json.loads(path.read_text())
    return {topic: tuple(_consumer(one) for one in read_by) for topic, read_by in found.items()}


def _consumer(one: Mapping[str, Any]) -> Consumer:
    return Consumer(one["service"], one["listener"], one["kind"], one.get("keeps_bytes", False))


def as_text(found: Consumers) -> str:
    """The file, a line for each listener."""
    topics = [
        f" {json.dumps(topic)}: ["
        + ",".join(f"\n  {json.dumps(_entry(one))}" for one in found[topic])
        + "\n ]"
        for topic in sorted(found)
    ]
    return "{\n" + ",\n".join(topics) + "\n}\n"


def _entry(one: Consumer) -> dict[str, Any]:
    entry = {"service": one.service, "listener": one.listener, "kind": one.kind}
    return {**entry, "keeps_bytes": True} if one.keeps_bytes else entry


def broken(found: Iterable[Consumer], granted: Sequence[str] = ()) -> str:
    """Whom a change that breaks a fact would break, as a sentence; nothing when nobody reads what is in it.

    `granted` are the names of integrators who were granted it.
    """
    names = [one.said for one in sorted(set(found)) if not one.keeps_bytes]
    names += [f"{name} (integrator)" for name in granted]
    return f"It would break {', '.join(names)}. " if names else ""
