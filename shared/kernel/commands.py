"""Executing a command: load, decide, append; once per idempotency key, however often it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from shared.contracts.fact import Fact, contract_of
from shared.kernel.decider import Decider, Refused
from shared.kernel.envelope import Origin, encode, fact_in
from shared.kernel.sealing.batches import keys_to_open, keys_to_seal
from shared.kernel.sealing.keyring import SubjectErased
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.store import (
    Append,
    ClaimTaken,
    Request,
    RequestSeen,
    Store,
    StoredEvent,
    VersionConflict,
)

S = TypeVar("S")
C = TypeVar("C")

ATTEMPTS = 12
# A message of the bus may have a mebibyte with its headers; a fact that can't travel must not be recorded.
MOST_BYTES = 1_000_000


SUBJECT_ERASED = (
    "The person it is about was erased on request: nothing personal can be recorded of them any more. "
    "If they come back, register them anew."
)


class KeyReused(Exception):
    """The idempotency key was used before for something else."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command led to. `position` is that of its last fact, or of the stream's last when it decided nothing.

    `response` is what was kept under the idempotency key; `repeated` says that the key had been used before, and
    then `facts` is empty.
    """

    position: int
    version: int
    facts: tuple[Fact, ...]
    response: bytes
    status: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The part of an HTTP answer that is kept under the idempotency key."""

    status: int
    response: bytes


Respond = Callable[[tuple[Fact, ...], int], Answer]


def _nothing(_: tuple[Fact, ...], __: int) -> Answer:
    return Answer(200, b"{}")


async def execute(
    store: Store,
    decider: Decider[S, C],
    stream: UUID,
    command: C,
    *,
    origin: Origin,
    key: str | None = None,
    fingerprint: bytes = b"",
    expected: int | None = None,
    new: bool = False,
    respond: Respond = _nothing,
    refuse: Callable[[Refused], Answer] | None = None,
    sealer: Sealer | None = None,
) -> Outcome:
    """Decide on `stream` and record what was decided.

    The same `key` has its effect once; asked again it answers what it answered then. `expected` refuses to decide
    on any other version (VersionConflict). `new` promises that the stream was never written, which saves a read.
    `respond` makes what is kept under the key from the facts and the version after them; `refuse` does so for a
    refusal that records facts. `sealer` opens and seals personal fields: with those of the history nothing is decided
    while the keyring does not answer. Raises Refused, KeyReused, VersionConflict, StoreUnavailable and
    KeyringUnavailable.
    """
    for attempt in range(ATTEMPTS):
        history = [] if new and attempt == 0 else await store.load(stream)
        version = history[-1].version if history else 0
        refused: Refused | None = None
        if expected is not None and expected != version:
            if repeated := await _answered(store, key, fingerprint):
                return repeated
            raise VersionConflict(stream)
        opening = await keys_to_open(sealer, (event.state for event in history))
        state = decider.fold(fact_in(event.state, opening) for event in history)
        try:
            facts = tuple(decider.decide(state, command))
        except Refused as refusal:
            if repeated := await _answered(store, key, fingerprint):
                return repeated
            if not refusal.facts:
                raise
            refused, facts = refusal, refusal.facts
        after = version + len(facts)
        answer = refuse(refused) if refused and refuse else respond(facts, after)
        append = Append(
            stream=stream,
            expected=version,
            events=await _events(facts, origin, stream, version, sealer),
            **_claims(decider, state, facts),
            request=Request(key, fingerprint, answer.status, answer.response) if key else None,
        )
        if not facts and not key:
            return _outcome(history, facts, answer)
        try:
            appended = await store.append(append)
        except VersionConflict:
            continue
        except ClaimTaken as taken:
            raise Refused(taken.claim.code, taken.claim.message) from None
        except RequestSeen as seen:
            return _repeated(seen.request, fingerprint)
        if refused:
            raise refused
        if not facts:
            return _outcome(history, facts, answer)
        return Outcome(appended.position, appended.version, facts, answer.response, answer.status)
    raise VersionConflict(stream)


async def _events(
    facts: tuple[Fact, ...], origin: Origin, stream: UUID, version: int, sealer: Sealer | None
) -> list[tuple[str, bytes]]:
    try:
        keys = await keys_to_seal(sealer, facts)
    except SubjectErased as erased:
        raise Refused("subject_erased", SUBJECT_ERASED) from erased
    events = [
        (contract_of(fact).topic, encode(fact, origin, stream, version + n, keys=keys))
        for n, fact in enumerate(facts, start=1)
    ]
    for topic, state in events:
        if len(state) > MOST_BYTES:
            raise Refused(
                "invalid_too_large",
                f"{topic} would have {len(state):,} bytes; at most {MOST_BYTES:,} can travel",
            )
    return events


def _claims(decider: Decider[S, Any], state: S, facts: tuple[Fact, ...]) -> dict[str, Any]:
    """The claims to take and to release so that they match the state after these facts."""
    before, after = decider.claims(state), decider.claims(decider.fold(facts, state))
    return {"take": after - before, "release": before - after}


async def _answered(store: Store, key: str | None, fingerprint: bytes) -> Outcome | None:
    """The earlier answer to this key: a repeated command may look refused now only because it was done before."""
    request = await store.find_request(key) if key else None
    return _repeated(request, fingerprint) if request else None


def _repeated(request: Request, fingerprint: bytes) -> Outcome:
    if request.fingerprint != fingerprint:
        raise KeyReused(request.key)
    return Outcome(request.position, request.version, (), request.response, request.status, repeated=True)


def _outcome(history: list[StoredEvent], facts: tuple[Fact, ...], answer: Answer) -> Outcome:
    last = history[-1] if history else None
    return Outcome(
        last.position if last else 0, last.version if last else 0, facts, answer.response, answer.status
    )
