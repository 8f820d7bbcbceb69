"""Integrators of a running house: written down, let in, given durables, shut out again."""

import fcntl
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from deploy.credentials import write_private
from deploy.nats.declaration import granted
from deploy.nats.house import INTEGRATORS
from deploy.nats.letting_in import delete_durables, let_in, reload
from deploy.nats.users import new_seed, public_key
from deploy.running import Running
from deploy.services import SERVICES
from shared.kernel.integrators import TOKEN_PREFIX, Integrator, Integrators, resolve, token_digest

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class NotRegistered(Exception):
    """It was not done; the message says why and what would work."""


@dataclass(frozen=True)
class Secrets:
    """Shown once and kept nowhere."""

    nkey_seed: str = field(repr=False)
    token: str = field(repr=False)


async def add(
    running: Running, name: str, wanted: list[str], region: str
) -> tuple[Integrator, Secrets, list[str]]:
    """A new integrator, let in at once; also what to warn of. Raises NotRegistered or NotGrantable."""
    if not NAME.fullmatch(name) or name in (*SERVICES, "house") or len(name) > 40:
        raise NotRegistered(f"{name!r}: a name is written with a-z, 0-9 and hyphens, and is no service's")
    if region != running.region:
        raise NotRegistered(f"this house serves {running.region}; facts of {region} are granted by theirs")
    topics, warnings = resolve(wanted)
    fresh = _secrets()
    with _changing(running.data) as known:
        if name in known:
            raise NotRegistered(f"{name} is there already: `integrator rotate`, or `remove` and add it again")
        made = Integrator(
            name,
            topics,
            frozenset({region}),
            public_key(fresh.nkey_seed),
            token_digest(fresh.token),
            datetime.now(UTC).replace(microsecond=0),
        )
        known[name] = made
    try:
        await let_in(running, made, fresh.nkey_seed)
    except BaseException:
        with _changing(running.data) as known:  # nobody has seen their secrets: they can begin anew
            known.pop(name, None)
        raise
    return made, fresh, warnings


async def rotate(running: Running, name: str) -> tuple[Integrator, Secrets]:
    """A new key and a new token; whoever is connected with the old key is put out at once."""
    fresh = _secrets()
    with _changing(running.data) as known:
        made = known[name] = replace(
            _known(known, name), nkey=public_key(fresh.nkey_seed), token_sha256=token_digest(fresh.token)
        )
    await let_in(running, made, fresh.nkey_seed)
    return made, fresh


async def remove(running: Running, name: str) -> Integrator:
    """Put out, and their durables deleted with where they were."""
    with _changing(running.data) as known:
        gone = _known(known, name)
        del known[name]
    if running.nats_seeds:
        await reload(running)
        await delete_durables(running, granted(running.region, gone))
    return gone


def _secrets() -> Secrets:
    return Secrets(new_seed(), TOKEN_PREFIX + secrets.token_urlsafe(32))


def _known(known: dict[str, Integrator], name: str) -> Integrator:
    if name not in known:
        raise NotRegistered(f"no integrator {name!r}; there are {', '.join(sorted(known)) or 'none'}")
    return known[name]


@contextmanager
def _changing(data: Path) -> Iterator[dict[str, Integrator]]:
    """By name; written when the block ends well. One change at a time, whoever makes it."""
    file = data / INTEGRATORS
    with (data / f"{INTEGRATORS}.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        known = {one.name: one for one in Integrators(file).all()}
        yield known
        kept = [known[name].as_json() for name in sorted(known)]
        write_private(file, json.dumps({"integrators": kept}, indent=1) + "\n")
