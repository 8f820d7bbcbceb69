"""Who outside the house may see which facts: one rule for the bus, webhooks, the feed and its stream."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog

import shared.contracts.all  # noqa: F401  (a rule about facts must know every one)
from shared.contracts.fact import Contract, contracts, find_contract

TOKEN_PREFIX = "asi_"
"""Starts every integrator's HTTP token, so that one that leaked is recognised."""

log = structlog.get_logger(__name__)


class NotGrantable(ValueError):
    """No integrator may have this; the message names the fact and says what to do instead."""


@dataclass(frozen=True)
class Integrator:
    """Somebody outside with a grant. `facts` are topics; `nkey` the public key of their user on the bus;
    `token_sha256` the hex digest of their HTTP token."""

    name: str
    facts: frozenset[str]
    regions: frozenset[str]
    nkey: str | None
    token_sha256: str | None
    added_at: datetime

    def may_see(self, topic: str) -> bool:
        """Whether a fact of this topic may reach them, as it is stored."""
        return topic in self.facts and is_grantable(topic)

    def as_json(self) -> dict[str, Any]:
        """As `Integrators` reads it."""
        return {
            "name": self.name,
            "facts": sorted(self.facts),
            "regions": sorted(self.regions),
            "nkey": self.nkey,
            "token_sha256": self.token_sha256,
            "added_at": self.added_at.isoformat(),
        }


def is_grantable(topic: str) -> bool:
    """Known and not restricted: what a grant may name."""
    contract = find_contract(topic)
    return contract is not None and not contract.restricted


def resolve(wanted: Iterable[str]) -> tuple[frozenset[str], list[str]]:
    """The topics that `sessions.SessionApproved.v1` or `sessions.*` (its open facts) name, and warnings.

    Raises NotGrantable for what is unknown or restricted.
    """
    topics: set[str] = set()
    warnings: list[str] = []
    for word in wanted:
        service, _, rest = word.partition(".")
        if rest == "*":
            topics |= {contract.topic for contract in _open_facts(service)}
            continue
        contract = find_contract(word)
        if contract is None:
            raise NotGrantable(f"{word}: {_instead(word)}")
        if contract.restricted:
            raise NotGrantable(
                f"{word} is restricted to the safeguarding lead and never granted; leave it out"
            )
        if contract.personal:
            fields = ", ".join(sorted(contract.personal))
            warnings.append(
                f"{word} arrives sealed: {fields} can't be read, since no integrator gets a key for them"
            )
        topics.add(word)
    if not topics:
        raise NotGrantable("no fact was named; write --facts 'sessions.SessionApproved.v1,sessions.*'")
    return frozenset(topics), warnings


def _open_facts(service: str) -> list[Contract]:
    found = [one for one in contracts() if one.service == service]
    if not found:
        known = ", ".join(sorted({one.service for one in contracts()}))
        raise NotGrantable(f"{service}.*: no service {service!r} publishes facts; one of {known}")
    if not (opened := [one for one in found if one.privacy == "open"]):
        raise NotGrantable(f"{service}.* has no open fact; name each sealed one in full")
    return opened


def _instead(word: str) -> str:
    known = [one.topic for one in contracts() if not one.restricted]
    near = get_close_matches(word, known, n=3, cutoff=0.5)
    return f"no such fact; {'perhaps ' + ' or '.join(near) if near else 'docs/facts.md lists them all'}"


def token_digest(token: str) -> str:
    """What is kept of an HTTP token."""
    return sha256(token.encode()).hexdigest()


class Integrators:
    """The registered integrators, read again when the file changed. Without a file there are none."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._seen: tuple[int, ...] | None = None
        self._by_name: dict[str, Integrator] = {}
        self._by_token: dict[str, Integrator] = {}

    def find(self, name: str) -> Integrator | None:
        self._look()
        return self._by_name.get(name)

    def by_token(self, token: str) -> Integrator | None:
        """Whose HTTP token this is; None when it is nobody's (any more)."""
        self._look()
        return self._by_token.get(token_digest(token)) if token.startswith(TOKEN_PREFIX) else None

    def all(self) -> list[Integrator]:
        """By name."""
        self._look()
        return [self._by_name[name] for name in sorted(self._by_name)]

    def _look(self) -> None:
        if self._file is None:
            return
        try:
            state = self._file.stat()
        except FileNotFoundError:
            self._seen, self._by_name, self._by_token = None, {}, {}
            return
        seen = (state.st_mtime_ns, state.st_size, state.st_ino)
        if seen == self._seen:
            return
        try:
            found = [_integrator(one) for one in json.loads(self._file.read_text())["integrators"]]
        except (OSError, ValueError, KeyError, TypeError) as unfit:
            # what was right a moment ago stays so: nobody gains or loses anything by a file that can't be read
            log.error("integrators can't be read", file=str(self._file), why=str(unfit))
            self._seen = seen
            return
        self._seen = seen
        self._by_name = {one.name: one for one in found}
        self._by_token = {one.token_sha256: one for one in found if one.token_sha256}


def _integrator(said: dict[str, Any]) -> Integrator:
    return Integrator(
        name=said["name"],
        facts=frozenset(said["facts"]),
        regions=frozenset(said["regions"]),
        nkey=said.get("nkey"),
        token_sha256=said.get("token_sha256"),
        added_at=datetime.fromisoformat(said["added_at"]),
    )
