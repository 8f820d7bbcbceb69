"""`follow` in a process of its own, which somebody ends: python -m tests.snapshots.following FOLDER CHUNK [on]."""

import asyncio
import json
import os
import sys
from pathlib import Path

from deploy.snapshots import reading
from tests.snapshots.region import Region


async def follow(folder: Path, on: bool) -> None:
    """Once, or on and on."""
    taker = Region(json.loads(os.environ["STORES"])).taker(folder)
    await taker.follow()
    while on:
        await taker.follow()


if __name__ == "__main__":
    reading.CHUNK = int(sys.argv[2])
    asyncio.run(follow(Path(sys.argv[1]), on=len(sys.argv) > 3))
