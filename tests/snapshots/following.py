"""One `follow` in a process of its own, which a fault may end: python -m tests.snapshots.following FOLDER CHUNK."""

import asyncio
import json
import os
import sys
from pathlib import Path

from deploy.snapshots import reading
from tests.snapshots.region import Region

if __name__ == "__main__":
    reading.CHUNK = int(sys.argv[2])
    asyncio.run(Region(json.loads(os.environ["STORES"])).taker(Path(sys.argv[1])).follow())
