"""Many who ask for keys one by one, answered in one round trip while the next ones gather."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Generic, TypeVar

from shared.kernel.sealing.keyring import KeyRef

T = TypeVar("T")

Call = Callable[[Collection[KeyRef]], Awaitable[Mapping[KeyRef, T | Exception]]]


class Together(Generic[T]):
    """`call` answers each key asked for, or fails for all. One call is under way at a time."""

    def __init__(self, call: Call[T]) -> None:
        self._call = call
        self._wanted: dict[KeyRef, asyncio.Future[T]] = {}
        self._task: asyncio.Task[None] | None = None

    async def ask(self, refs: Collection[KeyRef]) -> dict[KeyRef, T]:
        """The answer to each; raises the first failure when all are answered."""
        asked = {ref: self._ask(ref) for ref in refs}
        await asyncio.wait(asked.values())
        return {ref: future.result() for ref, future in asked.items()}

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _ask(self, ref: KeyRef) -> "asyncio.Future[T]":
        if ref not in self._wanted:
            self._wanted[ref] = asyncio.get_running_loop().create_future()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer(), name="keys asked for together")
        return self._wanted[ref]

    async def _answer(self) -> None:
        while self._wanted:
            asked, self._wanted = self._wanted, {}
            try:
                found = await self._call(asked.keys())
            except asyncio.CancelledError:
                late, self._wanted = self._wanted, {}
                for future in (*asked.values(), *late.values()):
                    future.cancel()
                raise
            except Exception as failure:
                found = dict.fromkeys(asked, failure)
            for ref, future in asked.items():
                answer = found[ref]
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                    future.exception()  # whoever asked may have gone
                else:
                    future.set_result(answer)
