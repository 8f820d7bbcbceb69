"""Judging seeded stores by the services' own deciders, and by the gate."""

from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

import services
import shared.contracts.all  # noqa: F401
from deploy.seed.place import STORES
from shared.contracts.eligibility import Evidence, shortfalls
from shared.contracts.fact import Fact
from shared.contracts.sessions.session import SessionScheduled, SessionStarted
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.clearance import ClearanceRecorded
from shared.kernel.decider import Decider
from shared.kernel.envelope import fact_in, read

Claims = set[tuple[str, Any, Any, UUID]]


def deciders() -> dict[tuple[str, str], Decider[Any, Any]]:
    """Every decider of every service, by service and aggregate."""
    found = {}
    for service in STORES:
        domain = import_module(f"services.{service}.domain")
        for module in walk_packages(domain.__path__, f"{domain.__name__}."):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, Decider):
                    found[service, value.name] = value
    return found


def streams(database_url: str) -> dict[tuple[str, UUID], list[Fact]]:
    """The facts of each stream, by aggregate and id, in order; versions without a gap."""
    found: dict[tuple[str, UUID], list[Fact]] = defaultdict(list)
    with psycopg.connect(database_url, row_factory=tuple_row) as connection:
        rows = connection.execute("SELECT state FROM stored_events ORDER BY notification_id")
        for (state,) in rows:
            envelope = read(state)
            facts = found[envelope.subject.rsplit("/", 1)[0], envelope.stream]
            facts.append(fact_in(state))
            assert envelope.streamversion == len(facts), envelope
    return found


def ignored(decider: Decider[Any, Any], facts: list[Fact]) -> Iterator[tuple[object, Fact]]:
    """Facts that change nothing for the decider, with the state that they found: no command would have left them."""
    state = decider.initial
    for fact in facts:
        after = decider.evolve(state, fact)
        if after == state:
            yield state, fact
        state = after


def held(database_url: str) -> Claims:
    """The claims table."""
    with psycopg.connect(database_url) as connection:
        query = (
            "SELECT key, nullif(since, '-infinity'), nullif(until, 'infinity'), owner FROM claims"
        )
        return set(connection.execute(query).fetchall())


def claimed(service: str, found: dict[tuple[str, UUID], list[Fact]]) -> Claims:
    """The claims that the deciders want held after these facts."""
    known = deciders()
    wanted: Claims = set()
    for (aggregate, stream), facts in found.items():
        decider = known[service, aggregate]
        for claim in decider.claims(decider.fold(facts)):
            wanted.add((claim.key, claim.since, claim.until, stream))
    return wanted


def not_eligible(training: list[Fact], sessions: list[Fact]) -> Iterator[tuple[SessionStarted, object]]:
    """Sessions that began without the gate being open on that day."""
    evidence: dict[UUID, list[Evidence]] = defaultdict(list)
    for fact in training:
        match fact:
            case CertificationGranted():
                evidence[fact.mentor_id].append(Evidence(fact.track, fact.valid_from, fact.valid_until))
            case ClearanceRecorded():
                evidence[fact.mentor_id].append(Evidence(fact.kind, fact.issued_on, fact.recheck_due_on))
            case _:
                pass
    days = {fact.session_id: fact.starts_at.date() for fact in sessions if isinstance(fact, SessionScheduled)}
    for fact in sessions:
        if isinstance(fact, SessionStarted):
            lacking = shortfalls(evidence[fact.mentor_id], days[fact.session_id])
            if lacking:
                yield fact, lacking


__all__ = ["claimed", "deciders", "held", "ignored", "not_eligible", "services", "streams"]
