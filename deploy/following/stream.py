"""Facts as they come, from several services at once: over server-sent events, taken up again where they broke off."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import httpx

from deploy.following.house import House, Unanswered, problem
from deploy.following.told import Told
from shared.kernel.cli import NOTHING_RUNS

SILENCE_SECONDS = 40.0
"""The line is dead: a comment comes every 15 seconds."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0
REFUSALS = (400, 401, 403, 404, 409, 422)
AHEAD = 16
"""Facts that are read before whoever takes them is ready."""


class NotGranted(Unanswered):
    """The caller may see nothing of this service, or not what was named."""


Put = Callable[[Told], Awaitable[None]]
Status = Callable[[str, str], None]
"""Takes the service, and how the line to it is."""


class Line:
    """One service. `position` is the last one known: of the last fact that came, or of what was passed by."""

    def __init__(self, house: House, service: str, topics: list[str], position: int | None) -> None:
        self.house, self.service, self.topics, self.position = house, service, topics, position
        self._is = ""

    async def follow(self, put: Put, status: Status) -> None:
        """Hand over each fact once, in order, for ever.

        Raises Unanswered when the service says no, or nothing when it is asked first: a line that breaks comes back.
        """
        pause = FIRST_PAUSE
        limits = httpx.Timeout(10, read=SILENCE_SECONDS)
        async with httpx.AsyncClient(headers=self.house.headers, timeout=limits, trust_env=False) as client:
            while True:
                try:
                    async with client.stream("GET", self._url, params=self._asked) as answer:
                        if answer.status_code in REFUSALS:
                            await answer.aread()
                            refused = NotGranted if answer.status_code == 403 else Unanswered
                            raise refused(f"{self.service}: {problem(answer)}")
                        if answer.status_code == 200:
                            self._say(status, "connected again" if self._is else "connected")
                            pause = FIRST_PAUSE
                            async for told in self._read(answer):
                                await put(told)
                        else:
                            pause = float(answer.headers.get("retry-after", pause))
                except httpx.HTTPError as silent:
                    if not self._is:
                        why = str(silent) or type(silent).__name__
                        raise Unanswered(f"{self.service} does not answer: {why}", NOTHING_RUNS) from None
                self._say(status, "not connected; trying again")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _say(self, status: Status, now: str) -> None:
        if now != self._is:
            self._is = now
            status(self.service, now)

    @property
    def _url(self) -> str:
        return f"{self.house.urls[self.service]}/facts/stream"

    @property
    def _asked(self) -> Mapping[str, str]:
        asked = {"types": ",".join(self.topics)} if self.topics else {}
        return asked if self.position is None else {**asked, "after": str(self.position)}

    async def _read(self, answer: httpx.Response) -> AsyncIterator[Told]:
        """The events of an answer, by the rules of the HTML standard as far as our services use them."""
        position, data = self.position, b""
        async for raw in _lines(answer):
            name, _, value = raw.partition(b":")
            value = value.removeprefix(b" ")
            if name == b"id":
                position = int(value)
            elif name == b"data":
                data += b"\n" + value
            elif not raw:
                if data:
                    assert position is not None
                    yield Told(self.service, position, data[1:])
                self.position, data = position, b""


async def _lines(answer: httpx.Response) -> AsyncIterator[bytes]:
    rest = b""
    async for chunk in answer.aiter_bytes():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line


@asynccontextmanager
async def following(
    house: House, wanted: Mapping[str, list[str]], after: int | None, status: Status
) -> AsyncIterator[AsyncIterator[Told]]:
    """The facts of all these services as they come; of one that was not asked for by name, if they may be seen.

    Raises Unanswered when one of them says no.
    """
    queue: asyncio.Queue[Told] = asyncio.Queue(AHEAD)
    lines = [Line(house, service, topics, after) for service, topics in wanted.items()]
    tasks = [asyncio.create_task(line.follow(queue.put, status)) for line in lines]

    async def facts() -> AsyncIterator[Told]:
        while True:
            taking = asyncio.create_task(queue.get())
            try:
                await asyncio.wait({taking, *tasks}, return_when=asyncio.FIRST_COMPLETED)
                if taking.done():
                    yield taking.result()
                for line, task in [*zip(lines, tasks, strict=True)]:
                    if task.done():
                        _leave_out(line, task, len(tasks), status)
                        lines.remove(line)
                        tasks.remove(task)
            finally:
                taking.cancel()

    try:
        yield facts()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _leave_out(line: Line, task: "asyncio.Task[None]", left: int, status: Status) -> None:
    """Go on without a service of which nothing may be seen, unless it was named or is the last. Raises Unanswered."""
    try:
        task.result()
    except NotGranted:
        if line.topics or left == 1:
            raise
        status(line.service, "left out: nothing of it may be seen")
