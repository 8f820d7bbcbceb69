"""Where the streams and stores are that a verb works on: a system running here, or the environment."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path


class NoTarget(Exception):
    """Nothing to work on; the message says how to name it."""


@dataclass(frozen=True, slots=True)
class Target:
    """One service's store and the bus beside it."""

    service: str
    region: str
    database_url: str
    nats_url: str
    signing_key: str | None = field(default=None, repr=False)
    nats_seed: str | None = field(default=None, repr=False)
    auditor_seed: str | None = field(default=None, repr=False)


def targets(data: Path, service: str | None) -> list[Target]:
    """The services of the system whose `run.json` is in `data`; else the one that ALONGSIDE_* describes.

    Raises NoTarget when there is none, or not the one asked for.
    """
    file = data / "run.json"
    if file.exists():
        run = json.loads(file.read_text())
        seeds = run.get("nats_seeds") or {}
        found = [
            Target(
                name,
                run["region"],
                process["database_url"],
                run["nats_url"],
                process.get("signing_key"),
                seeds.get("operator"),
                seeds.get("auditor"),
            )
            for name, process in run["services"].items()
            if process.get("database_url") and service in (None, name)
        ]
        if not found:
            raise NoTarget(f"no service {service} with a store runs on {data}")
        return found
    names = ("ALONGSIDE_REGION", "ALONGSIDE_DATABASE_URL", "ALONGSIDE_NATS_URL")
    absent = [name for name in names if not os.environ.get(name)]
    if absent or not service:
        raise NoTarget(f"nothing runs on {data}; else --service, {', '.join(names)} say where the stream is")
    region, database_url, nats_url = (os.environ[name] for name in names)
    key, seed = os.environ.get("ALONGSIDE_SIGNING_KEY"), os.environ.get("ALONGSIDE_NATS_SEED")
    return [Target(service, region, database_url, nats_url, key, seed, seed)]
