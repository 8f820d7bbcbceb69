"""Which facts of a service a caller may be shown, and which of those they asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated

from fastapi import Query, Request

from shared.contracts.fact import contracts, find_contract
from shared.kernel.auth import Actor
from shared.kernel.problems import KNOWN, Problem
from shared.kernel.running import Running

KNOWN["not_granted"] = (
    "You were not granted this fact. `./alongside integrator add` grants facts by name; restricted ones to nobody."
)

ROLES = ("integrator", "auditor", "operator")

Types = Annotated[
    list[str] | None,
    Query(description="topics, separated by commas; left out: all that you may see", examples=[""]),
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The topics a caller is shown. `by_address`: the address alone says which, whatever is granted later."""

    topics: frozenset[str]
    by_address: bool


def wanted(request: Request, types: Sequence[str] | None) -> Wanted:
    """What to show this caller now. Raises Problem 422 for what is no fact, 403 for what is not theirs to see."""
    running: Running = request.app.state.running
    actor: Actor = request.state.actor
    known = _known(running.service)
    may = _may_see(running, actor, known)
    asked = [name.strip() for word in types or () for name in word.split(",") if name.strip()]
    everything = f"{running.service}.*"
    for name in asked:
        if name not in known and name != everything:
            raise _unknown(name, running.service, known)
        if name not in may and name != everything:
            contract = find_contract(name)
            why = "restricted" if contract and contract.restricted else f"not granted to {actor.name}"
            raise Problem(403, "not_granted", f"types: {name} is {why}")
    if asked and everything not in asked:
        return Wanted(frozenset(asked), by_address=True)
    return Wanted(may, by_address=actor.role != "integrator")


@lru_cache(maxsize=8)
def _known(service: str) -> frozenset[str]:
    return frozenset(one.topic for one in contracts() if one.service == service)


def _may_see(running: Running, actor: Actor, known: frozenset[str]) -> frozenset[str]:
    if actor.role != "integrator":
        return frozenset(topic for topic in known if not _restricted(topic))
    found = running.integrators.find(actor.name)
    may = frozenset(topic for topic in known if found and found.may_see(topic))
    if found is None or running.settings.region not in found.regions or not may:
        raise Problem(403, "not_granted", f"no fact of {running.service} is granted to {actor.name} here")
    return may


def _restricted(topic: str) -> bool:
    contract = find_contract(topic)
    return contract is None or contract.restricted


def _unknown(name: str, service: str, known: frozenset[str]) -> Problem:
    near = get_close_matches(name, [topic for topic in known if not _restricted(topic)], n=2, cutoff=0.5)
    mend = f"perhaps {' or '.join(near)}" if near else f"the facts of {service} begin with {service}."
    told = {"field": "types", "detail": f"{name} is no fact of {service}; {mend}"}
    return Problem(422, "invalid_request", f"types: {told['detail']}", errors=[told])
