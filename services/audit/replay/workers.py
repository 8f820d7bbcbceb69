"""The processes that replay regions, as the service that started them sees them."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from uuid import UUID

import structlog

log = structlog.get_logger(__name__)

_under_way: dict[UUID, Process] = {}
_waiting: set[asyncio.Task[None]] = set()


async def start(replay_id: UUID, database_url: str) -> None:
    """Begin a process for this replay. It ends with its input, so it does not outlive this one."""
    path = os.pathsep.join(filter(None, sys.path))
    environment = os.environ | {"ALONGSIDE_DATABASE_URL": database_url, "PYTHONPATH": path}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.audit.replay.work",
        str(replay_id),
        stdin=PIPE,
        stdout=DEVNULL,
        env=environment,
    )
    _under_way[replay_id] = process
    task = asyncio.create_task(_until_ended(replay_id, process))
    _waiting.add(task)
    task.add_done_callback(_waiting.discard)


async def _until_ended(replay_id: UUID, process: Process) -> None:
    code = await process.wait()
    if _under_way.get(replay_id) is process:
        del _under_way[replay_id]
    if code:
        log.warning("replay ended early", replay=str(replay_id), exit_code=code)


def process_of(replay_id: UUID) -> Process | None:
    """The process that replays, when this service started it and it still runs."""
    return _under_way.get(replay_id)
