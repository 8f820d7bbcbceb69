"""Which service listens to which, kept in listeners.json since asking the services would take seconds at each start.

python -m deploy.nats.listening --write    after a listener was added, renamed or removed
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.running import ROOT
from deploy.services import SERVICES, WITHOUT_STORE, is_built

FILE = Path(__file__).parent / "listeners.json"

Listeners = Mapping[str, Mapping[str, list[str]]]
"""Service -> the name of each listener -> the services whose facts it listens to."""


def kept() -> Listeners:
    """As the file says; a test keeps it true."""
    found: Listeners = json.loads(FILE.read_text())
    return found


def asked() -> Listeners:
    """As the services themselves say, in a process of their own."""
    modules = [f"services.{name}.main" for name in SERVICES if name not in WITHOUT_STORE and is_built(name)]
    command = [sys.executable, "-P", "-m", "shared.kernel.listed", *modules]
    said = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    return {
        service: {
            one["name"]: sorted(one["sources"]) for one in sorted(listeners, key=lambda one: one["name"])
        }
        for service, listeners in said.items()
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        FILE.write_text(json.dumps(asked(), indent=1) + "\n")
    elif kept() != asked():
        raise SystemExit("deploy/nats/listeners.json is old: run python -m deploy.nats.listening --write")
