"""Telling the parts of an agency in several processes, a span of time after the other, in one order at the end."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from heapq import merge
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple

from deploy.seed.agency import Agency
from deploy.seed.area import area_life
from deploy.seed.books import Books, Row
from deploy.seed.history import Page
from deploy.seed.loading import packed, packed_claim
from deploy.seed.part import Count, Part
from shared.kernel.sealing.keyring import KeyRef

SPAN = timedelta(days=1)


class Told(NamedTuple):
    """One span of time of some parts: rows in order and claims that will not change, by service; what pay comes to.

    `keys` are those that are used for the first time.
    """

    rows: dict[str, list[Row]]
    claims: dict[str, list[bytes]]
    counts: list[dict[date, Count]]
    keys: list[KeyRef]


class Span(NamedTuple):
    """One span of time of the whole agency. `rows` are in order."""

    until: datetime
    rows: dict[str, list[bytes]]
    claims: dict[str, list[bytes]]
    keys: list[KeyRef]


def spans(agency: Agency) -> list[datetime]:
    """Where each span of time ends."""
    found, at = [], agency.begins_at
    while at < agency.ends_at:
        at = min(at + SPAN, agency.ends_at)
        found.append(at)
    return found


def tell(agency: Agency, numbers: Sequence[int]) -> Iterator[Told]:
    """These parts, span by span; the last one holds what is still claimed at the end."""
    parts = [Part.of(agency, number) for number in numbers]
    for part in parts:
        part.begin(area_life(part))
    for at in spans(agency):
        yield _gathered(parts, [part.history.until(at) for part in parts])
    yield _gathered(parts, [part.history.end() for part in parts])


def _gathered(parts: list[Part], pages: list[Page]) -> Told:
    rows: dict[str, list[Row]] = {}
    claims: dict[str, list[bytes]] = {}
    for page in pages:
        for service, lines in page.lines.items():
            rows.setdefault(service, []).extend([(line.at, line.number, packed(line)) for line in lines])
        for service, held in page.claims.items():
            claims.setdefault(service, []).extend([packed_claim(claim) for claim in held])
    for found in rows.values():
        found.sort()
    keys = [ref for page in pages for ref in page.keys]
    return Told(rows, claims, [part.counts for part in parts], keys)


def whole(agency: Agency, processes: int, base: int = 0) -> Iterator[Span]:
    """The whole agency, told by so many processes; no more is told ahead than is taken.

    `base` is the position in the store of sessions after which it begins.
    """
    count = min(processes, agency.scale.areas)
    context = get_context("spawn")
    pipes, children = [], []
    try:
        for n in range(count):
            mine, theirs = context.Pipe(duplex=False)
            numbers = list(range(n, agency.scale.areas, count))
            child = context.Process(target=_work, args=(agency, numbers, theirs), daemon=True)
            child.start()
            theirs.close()
            pipes.append(mine)
            children.append(child)
        books = Books(agency, base)
        for at in [*spans(agency), agency.ends_at]:
            yield _together(at, [_received(pipe) for pipe in pipes], books)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.join()


class ToldNoMore(Exception):
    """A telling process ended before it was done."""


def _received(pipe: Connection) -> Told:
    try:
        found = pipe.recv()
    except EOFError:
        raise ToldNoMore("a process that makes facts ended early") from None
    if isinstance(found, Exception):
        raise found
    return Told(*found)


def _together(until: datetime, told: list[Told], books: Books) -> Span:
    rows: dict[str, list[bytes]] = {}
    claims: dict[str, list[bytes]] = {}
    counts = [count for one in told for count in one.counts]
    for service in sorted({"sessions"}.union(*(one.rows for one in told))):
        lists = [one.rows[service] for one in told if service in one.rows]
        ordered = lists[0] if len(lists) == 1 else list(merge(*lists))
        if service == "sessions":
            ordered = books.enter(ordered, until, counts)
        rows[service] = [row for _, _, row in ordered]
    for one in told:
        for service, held in one.claims.items():
            claims.setdefault(service, []).extend(held)
    return Span(until, rows, claims, [ref for one in told for ref in one.keys])


def _work(agency: Agency, numbers: list[int], pipe: Connection) -> None:
    """What a telling process does."""
    import shared.contracts.all  # noqa: F401

    gc.freeze()
    gc.disable()  # lives and meetings are many and hold no cycles; what does is collected after each span
    with suppress(BrokenPipeError, KeyboardInterrupt):
        try:
            for n, told in enumerate(tell(agency, numbers)):
                pipe.send(tuple(told))
                if n % 30 == 29:
                    gc.collect()
        except Exception as error:
            pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))
