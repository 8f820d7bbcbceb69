"""Who calls, and what a route lets them do. Development tokens only, until an identity provider is wired in."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal, get_args

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from shared.kernel import sight
from shared.kernel.integrators import TOKEN_PREFIX
from shared.kernel.problems import Problem
from shared.kernel.running import Running

Role = Literal[
    "coordinator", "mentor", "trainer", "compliance", "manager", "dsl", "auditor", "integrator", "operator",
    "school", "parent",
]  # fmt: skip
ROLES: frozenset[str] = frozenset(get_args(Role))


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller: what they are, where they may act, and the name that is recorded with what they do."""

    role: str
    region: str
    name: str

    def __str__(self) -> str:
        return f"{self.role}:{self.name}"


def identify(header: str | None) -> Actor:
    """The caller named by `Authorization: Bearer dev:<role>:<region>:<name>`. Raises Problem 401."""
    scheme, _, token = (header or "").partition(" ")
    parts = token.strip().split(":")
    if scheme.lower() != "bearer" or len(parts) != 4 or parts[0] != "dev" or not all(parts):
        raise Problem(
            401,
            "not_identified",
            "send 'Authorization: Bearer dev:<role>:<region>:<name>' (development profile)",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if parts[1] not in ROLES:
        raise Problem(401, "not_identified", f"{parts[1]!r} is no role; one of {', '.join(sorted(ROLES))}")
    return Actor(parts[1], parts[2], parts[3])


def integrator(header: str | None, running: Running) -> Actor | None:
    """The integrator whose token `Authorization: Bearer asi_...` is; None when it is a token of another kind.

    They act in the region they are asked in if they were granted it, else in another. Raises Problem 401.
    """
    scheme, _, token = (header or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token.startswith(TOKEN_PREFIX):
        return None
    found = running.integrators.by_token(token)
    if found is None:
        raise Problem(
            401,
            "not_identified",
            "this token is no integrator's, or not any more: `alongside integrator rotate` gives a new one",
            headers={"WWW-Authenticate": "Bearer"},
        )
    here = running.settings.region
    return Actor(
        "integrator", here if here in found.regions else min(found.regions, default="none"), found.name
    )


class Rule:
    """The rule of one route: the roles that may call it, in this region."""

    def __init__(self, roles: frozenset[str]) -> None:
        unknown = roles - ROLES
        if unknown or not roles:
            raise ValueError(f"a rule needs known roles, not {sorted(unknown)}")
        self.roles = roles

    async def __call__(self, request: Request) -> None:
        running: Running = request.app.state.running
        header = request.headers.get("authorization")
        actor = integrator(header, running) or identify(header)
        settings = running.settings
        region = settings.region
        if actor.role not in self.roles:
            raise Problem(
                403, "not_allowed", f"a {actor.role} may not do this; {', '.join(sorted(self.roles))} may"
            )
        if actor.region not in (region, "*"):
            raise Problem(403, "not_allowed", f"this is region {region}; you act in {actor.region}")
        request.state.actor = actor
        request.state.sight = sight.look(
            actor.role, request.headers.get(sight.HEADER), _secret(settings.database_url.get_secret_value())
        )


@lru_cache(maxsize=8)
def _secret(database_url: str) -> bytes:
    """One for all processes of a service, which its clients do not know."""
    return sha256(b"alongside cursors\0" + database_url.encode()).digest()


class KnowsTheAddress(Rule):
    """The address holds a secret, and the route itself looks whose it is: the caller says no name."""

    async def __call__(self, request: Request) -> None:
        """Nobody is turned away here. What the address leads to was opened to it when it was given out."""


def whoever_knows_the_address() -> Any:
    """Route dependency: for programs that can send no token; the route checks the secret in its address."""
    return Depends(KnowsTheAddress(ROLES))


def allows(*roles: str) -> Any:
    """Route dependency: who may call it. A route without one fails a test and is refused at start."""
    return Depends(Rule(frozenset(roles)))


def anyone() -> Any:
    """Route dependency: every identified caller of the region may."""
    return Depends(Rule(ROLES))


def rule_of(dependencies: list[Dependency]) -> Rule | None:
    """The rule among a route's dependencies."""
    return next((found.dependency for found in dependencies if isinstance(found.dependency, Rule)), None)
