"""The processes that fold for a rebuild, as the one that gives them orders sees them."""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process

from shared.kernel.projections.folding import Answer, Job, Order

# An answer may list every stream that failed.
MOST_BYTES = 1 << 28


class FolderDied(Exception):
    """A folding process ended by itself; what was merged before counts, so the rebuild can go on."""


class FolderProcess:
    """One folding process. It takes one order at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, job: Job) -> "FolderProcess":
        """Begin a process for this job. Raises PicklingError when the projection can't be sent to it."""
        described = pickle.dumps(job)
        # Keys must fall into the same parts in every process, also of a rebuild that is taken up again.
        path = os.pathsep.join(filter(None, sys.path))
        environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": path}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            # not -m: what it pickles must not belong to a module named __main__
            "from shared.kernel.projections.folding import main; main()",
            stdin=PIPE,
            stdout=PIPE,
            env=environment,
            limit=MOST_BYTES,
        )
        assert process.stdin is not None
        process.stdin.write(described)
        return cls(process)

    async def ask(self, order: Order) -> Answer:
        """Its answer to an order. Raises FolderDied."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(pickle.dumps(order))
            await stdin.drain()
            size = int.from_bytes(await stdout.readexactly(8), "big")
            answer: Answer = pickle.loads(await stdout.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise FolderDied(f"exit code {await self._process.wait()}") from error
        return answer

    async def stop(self) -> None:
        """End it, whatever it does."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
