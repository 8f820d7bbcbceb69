"""`up` with stand-ins for the services, as a process: python -m tests.deploy.house DATA PORT_BASE NAME..."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deploy import ports
from deploy.embedded import System
from deploy.services import Unit
from deploy.verbs.up import run, say_json


def stand_in(unit: Unit) -> Sequence[str]:
    return [sys.executable, "-P", "-m", "tests.deploy.stand_in", unit.service]


if __name__ == "__main__":
    data, base, *names = sys.argv[1:]
    chosen = ports.numbered(int(base), {}) if base != "free" else None
    system = System(Path(data), only=names, command=stand_in, chosen_ports=chosen, say=say_json)
    run(system, say_json, time.monotonic())
