"""The keys of the bus's users: made at first use, their seeds kept with the house's other secrets."""

import os
from collections.abc import Iterable
from pathlib import Path

import nkeys

from deploy.credentials import kept
from deploy.nats.declaration import PARTS, Declaration, declare
from deploy.nats.listening import kept as listeners
from shared.kernel.integrators import Integrator


def new_seed(kind: int = nkeys.PREFIX_BYTE_USER) -> str:
    return bytes(nkeys.encode_seed(os.urandom(32), kind)).decode()


def public_key(seed: str) -> str:
    found: bytes = nkeys.from_seed(seed.encode()).public_key
    return found.decode()


def seed_of(data: Path, region: str, user: str) -> str:
    """The seed of one of the house's own users. Called under the data directory's lock."""
    return kept(data, f"nats {region}/{user}", new_seed)


def declared(region: str, integrators: Iterable[Integrator] = ()) -> Declaration:
    return declare(region, listeners(), integrators)


def public_keys(data: Path, region: str) -> dict[str, str]:
    """Of each of the house's own users."""
    names = [user.name for user in declared(region).accounts[0].users]
    return {name: public_key(seed_of(data, region, name)) for name in names}


def process_seeds(data: Path, region: str, service: str) -> str | None:
    """What a service's processes are given: a seed for each part, and none to make or mend streams."""
    if service not in listeners():
        return None
    return " ".join(f"{part}={seed_of(data, region, f'{service}-{part}')}" for part in PARTS)
