"""The feed: the log of a service a page at a time, byte for byte, enough to build a mirror."""

import asyncio
import gzip
from hashlib import blake2b
from typing import Annotated

from fastapi import Query, Request, Response

from shared.kernel.facts.listeners import Listeners, listeners
from shared.kernel.facts.pages import Kept
from shared.kernel.facts.seeing import Types, Wanted, wanted

LIMIT, MOST = 500, 2000
MOST_WAIT = 60
WORTH_PACKING = 4_096
FOR_EVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"

After = Annotated[int, Query(ge=0, le=2**62, description="the position you have; 0 for the beginning")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="positions to a page, granted or not")]
Wait = Annotated[
    float, Query(ge=0, le=MOST_WAIT, allow_inf_nan=False, description="seconds to wait for a fact")
]


async def feed(
    request: Request, after: After = 0, limit: Limit = LIMIT, types: Types = None, wait: Wait = 0
) -> Response:
    """Facts after a position, in order, exactly as they are stored; `after` is the position to ask for next.

    A page ends where the log ends, or at the next multiple of `limit`: such a page never changes, and everybody who
    uses the same limit asks for the same ones. What you may not see, or did not ask for, leaves its position
    out of `positions`. With `wait` an answer with nothing in it waits so many seconds for something to come.
    """
    asked, log = wanted(request, types), listeners(request)
    # a page that is known to be full, and not the last one, needs no look at the store
    head = log.pages.known if _border(after, limit) < log.pages.known else await log.at_least(after, "after")
    upto = min(head, _border(after, limit))
    found = _chosen(await log.pages.read(after, upto), asked)
    if wait and not found and upto < _border(after, limit):
        leave = log.enter(request)
        try:
            upto, found = await _awaited(log, request, types, after, limit, wait)
        finally:
            leave()
        head = max(head, upto)
    return await _answer(request, asked, found, upto, head, full=upto == _border(after, limit) < head)


def _border(after: int, limit: int) -> int:
    """Where the page ends that begins after this position."""
    return (after // limit + 1) * limit


async def _awaited(
    log: Listeners, request: Request, types: Types, after: int, limit: int, wait: float
) -> tuple[int, list[Kept]]:
    """Up to where the log was looked through, and what was found: nothing when nothing came in time.

    What may be seen is asked anew each time something came: a grant can end meanwhile.
    """
    until = asyncio.get_running_loop().time() + wait
    upto, border = after, _border(after, limit)
    while True:
        left = until - asyncio.get_running_loop().time()
        reached = await log.pages.beyond(upto, max(left, 0))
        last, upto = upto, min(max(reached, upto), border)
        found = _chosen(await log.pages.read(last, upto), wanted(request, types))
        if found or upto == border or left <= 0 or log.pages.ended:
            return upto, found


def _chosen(facts: list[Kept], asked: Wanted) -> list[Kept]:
    return [fact for fact in facts if fact.topic in asked.topics]


async def _answer(
    request: Request, asked: Wanted, found: list[Kept], upto: int, head: int, *, full: bool
) -> Response:
    """The page. A full one is kept for ever once there is more after it: no copy of it says that it is the end.

    Its tag is of what it holds, and tells of `head` only whether there is more.
    """
    facts = b",".join([fact.state for fact in found])
    tag = f'W/"{upto}{"+" if head > upto else ""}-{blake2b(facts, digest_size=12).hexdigest()}"'
    headers = {
        "ETag": tag,
        "Cache-Control": FOR_EVER if full and asked.by_address else ASK_AGAIN,
        "Vary": "Authorization, Accept-Encoding",
        "Alongside-Head": str(head),
    }
    if tag in [one.strip() for one in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    positions = ",".join([str(fact.position) for fact in found]).encode()
    body = b'{"facts":[%b],"positions":[%b],"after":%d,"head":%d}' % (facts, positions, upto, head)
    if len(body) > WORTH_PACKING and _takes_gzip(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        body = await asyncio.to_thread(gzip.compress, body, 1)
    return Response(body, headers=headers, media_type="application/json")


def _takes_gzip(said: str) -> bool:
    for word in said.lower().split(","):
        name, _, weight = word.strip().partition(";")
        if name == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0")
    return False
