"""One batch of appends: which commands may share it, how it is sent, and who won."""

from asyncio import Future
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import AsyncConnection, errors, generators
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

from shared.kernel.decider import Claim
from shared.kernel.store import arrays
from shared.kernel.store.records import Append, Appended, ClaimTaken, VersionConflict

_NAME = b"alongside_append"
_TYPES = [kind.oid for kind in arrays.APPENDED]
_PLACES = ", ".join(f"${n}" for n in range(1, len(_TYPES) + 1))
_APPEND = f"SELECT head, stale, taken, seen FROM alongside_append({_PLACES})".encode()
_BINARY = [Format.BINARY] * len(_TYPES)


@dataclass(slots=True)
class Waiting:
    """A caller's append and the promise it waits for. `sent` once its outcome may be unknown to us."""

    append: Append
    answer: "Future[Appended]"
    sent: bool = False


@dataclass(slots=True)
class Losers:
    """Indexes of the commands of a batch that were not recorded, and why."""

    stale: set[int] = field(default_factory=set)
    taken: dict[int, Claim] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def __contains__(self, index: int) -> bool:
        return index in self.seen or index in self.stale or index in self.taken


def choose(waiting: Sequence[Waiting], most: int) -> tuple[list[Waiting], list[Waiting]]:
    """The next batch, and those who must wait for a later one.

    No two commands of a batch share a stream, a claim's key or a request's key: the later one would have to be
    checked against the earlier, and the next batch does that for free.
    """
    batch: list[Waiting] = []
    later: list[Waiting] = []
    used: set[object] = set()
    for item in waiting:
        append = item.append
        keys: list[object] = [append.stream, *(claim.key for claim in append.take | append.release)]
        if append.request:
            keys.append((append.request.key,))
        if len(batch) >= most or not used.isdisjoint(keys):
            later.append(item)
        else:
            batch.append(item)
        used.update(keys)  # a later command must not overtake an earlier one that waits
    return batch, later


async def send(connection: AsyncConnection[Any], appends: Sequence[Append]) -> tuple[int, Losers]:
    """Append a batch in one round trip and one commit; the store's head before it, and who lost."""
    numbered = list(enumerate(appends, start=1))
    events = [(n, a.expected + v, *e) for n, a in numbered for v, e in enumerate(a.events, start=1)]
    # Of several claims that are taken, the first by key is told: always the same one.
    takes = [(n, claim) for n, a in numbered for claim in sorted(a.take, key=lambda claim: claim.key)]
    releases = [(n, claim) for n, a in numbered for claim in a.release]
    requests = [(n, a.request, a.expected + len(a.events)) for n, a in numbered if a.request]
    parameters = (
        arrays.uuids([a.stream for a in appends]),
        arrays.bigints([a.expected for a in appends]),
        arrays.ints([e[0] for e in events]),
        arrays.bigints([e[1] for e in events]),
        arrays.texts([e[2] for e in events]),
        arrays.blobs([e[3] for e in events]),
        arrays.ints([n for n, _ in takes]),
        arrays.texts([claim.key for _, claim in takes]),
        arrays.times([claim.since for _, claim in takes], none=-1),
        arrays.times([claim.until for _, claim in takes], none=1),
        arrays.ints([n for n, _ in releases]),
        arrays.texts([claim.key for _, claim in releases]),
        arrays.times([claim.since for _, claim in releases], none=-1),
        arrays.ints([n for n, _, _ in requests]),
        arrays.texts([request.key for _, request, _ in requests]),
        arrays.blobs([request.fingerprint for _, request, _ in requests]),
        arrays.ints([request.status for _, request, _ in requests]),
        arrays.blobs([request.response for _, request, _ in requests]),
        arrays.bigints([version for _, _, version in requests]),
    )
    head, stale, taken, seen = await _call(connection, [array.data for array in parameters])
    losers = Losers({n - 1 for n in stale}, {}, {n - 1 for n in seen})
    for at in sorted(taken):
        n, claim = takes[at - 1]
        losers.taken.setdefault(n - 1, claim)
    return head, losers


async def prepare(connection: AsyncConnection[Any]) -> None:
    """Make a connection ready for `send`."""
    async with connection.lock:
        connection.pgconn.send_prepare(_NAME, _APPEND, _TYPES)
        _check(await connection.wait(generators.execute(connection.pgconn)), ExecStatus.COMMAND_OK)


async def _call(
    connection: AsyncConnection[Any], parameters: list[bytes]
) -> tuple[int, list[int], list[int], list[int]]:
    """One round trip to the prepared function. What a cursor does besides took a quarter of a lone append."""
    async with connection.lock:
        connection.pgconn.send_query_prepared(_NAME, parameters, _BINARY, Format.BINARY)
        result = _check(await connection.wait(generators.execute(connection.pgconn)), ExecStatus.TUPLES_OK)
    head = int.from_bytes(result.get_value(0, 0) or b"", "big")
    stale, taken, seen = (arrays.ints_in(result.get_value(0, n)) for n in (1, 2, 3))
    return head, stale, taken, seen


def _check(results: Sequence[PGresult], wanted: ExecStatus) -> PGresult:
    if results[-1].status != wanted:
        raise errors.error_from_result(results[-1])
    return results[-1]


def settle(batch: Sequence[Waiting], head: int, losers: Losers) -> list[Waiting]:
    """Answer everyone whose outcome is plain. The rest (idempotency key seen, or sent before) need a look."""
    unclear: list[Waiting] = []
    for index, item in enumerate(batch):
        append = item.append
        if index not in losers:
            head += len(append.events)
            position = head if append.events else 0
            answer(item, Appended(position, append.expected + len(append.events)))
        elif index in losers.seen or item.sent:
            unclear.append(item)
        elif index in losers.stale:
            answer(item, VersionConflict(append.stream))
        else:
            answer(item, ClaimTaken(losers.taken[index]))
    return unclear


def answer(item: Waiting, outcome: Appended | Exception) -> None:
    """Tell a caller, unless it gave up waiting."""
    if item.answer.done():
        return
    if isinstance(outcome, Exception):
        item.answer.set_exception(outcome)
    else:
        item.answer.set_result(outcome)
