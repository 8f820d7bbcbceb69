"""Judging seeded stores by the services' own deciders, and by the gate."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module
from itertools import pairwise
from pkgutil import walk_packages
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

import shared.contracts.all  # noqa: F401
from deploy.seed.agency import Agency
from deploy.seed.books import Books
from deploy.seed.place import STORES
from deploy.seed.telling import spans, tell
from shared.contracts.eligibility import Evidence, shortfalls
from shared.contracts.fact import Fact
from shared.contracts.sessions.session import SessionScheduled, SessionStarted
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.clearance import ClearanceRecorded
from shared.kernel.decider import Decider
from shared.kernel.envelope import fact_in, read
from shared.kernel.sealing.batches import refs_in
from shared.kernel.sealing.keyring import KeyRef

_ALWAYS, _FOR_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

Streams = dict[tuple[str, UUID], list[Fact]]
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


def keys_in(state: bytes, agency: Agency) -> Mapping[KeyRef, bytes]:
    """What opens a fact about the agency's people."""
    return {ref: agency.key(ref) for ref in refs_in(state)}


def streams(states: Iterable[bytes], agency: Agency) -> Streams:
    """The facts of each stream, by aggregate and id, in order; versions without a gap."""
    found: Streams = defaultdict(list)
    for state in states:
        envelope = read(state)
        facts = found[envelope.subject.rsplit("/", 1)[0], envelope.stream]
        facts.append(fact_in(state, keys_in(state, agency)))
        assert envelope.streamversion == len(facts), envelope
    return found


def stored(database_url: str) -> tuple[list[bytes], Claims]:
    """The bytes of a store in order, and its claims at the same moment."""
    with psycopg.connect(database_url, row_factory=tuple_row) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        rows = connection.execute("SELECT state FROM stored_events ORDER BY notification_id").fetchall()
        query = "SELECT key, nullif(since, '-infinity'), nullif(until, 'infinity'), owner FROM claims"
        return [state for (state,) in rows], set(connection.execute(query).fetchall())


def ignored(decider: Decider[Any, Any], facts: list[Fact]) -> Iterator[tuple[object, Fact]]:
    """Facts that change nothing for the decider, with the state that they found: no command would have left them."""
    state = decider.initial
    for fact in facts:
        after = decider.evolve(state, fact)
        if after == state:
            yield state, fact
        state = after


def claimed(service: str, found: Streams) -> Claims:
    """The claims that the deciders want held after these facts."""
    known = deciders()
    wanted: Claims = set()
    for (aggregate, stream), facts in found.items():
        decider = known[service, aggregate]
        for claim in decider.claims(decider.fold(facts)):
            wanted.add((claim.key, claim.since, claim.until, stream))
    return wanted


def overlapping(claims: Claims) -> Iterator[tuple[str, UUID, UUID]]:
    """Claims of one key that two streams hold at the same time."""
    spans: dict[str, list[tuple[datetime, datetime, UUID]]] = defaultdict(list)
    for key, since, until, owner in claims:
        spans[key].append((since or _ALWAYS, until or _FOR_EVER, owner))
    for key, found in spans.items():
        for one, two in pairwise(sorted(found)):
            if two[0] < one[1] and one[2] != two[2]:
                yield key, one[2], two[2]


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


def told(agency: Agency) -> dict[str, list[bytes]]:
    """The bytes of the facts that a seed gives, by service and in order; told here, with nothing written."""
    found: dict[str, list[bytes]] = defaultdict(list)
    parts = list(range(agency.scale.areas))
    books = Books(agency, 0)
    for until, span in zip([*spans(agency), agency.ends_at], tell(agency, parts), strict=True):
        rows = dict(span.rows)
        rows["sessions"] = books.enter(rows.get("sessions", []), until, span.counts)
        for service, ordered in rows.items():
            found[service] += [_state(row) for _, _, row in ordered]
    return found


def _state(row: bytes) -> bytes:
    """The last value of a packed row but for the position: after stream, version and topic."""
    start = 38 + int.from_bytes(row[34:38], "big")
    length = int.from_bytes(row[start : start + 4], "big")
    return row[start + 4 : start + 4 + length]
