"""Where the peers live: a cache directory of their own, outside the project's requirements."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from bench.subject import Runtime

HERE = Path(__file__).resolve().parent
INSTALL_SECONDS = 600


@dataclass
class PeerEnvironment:
    """The peers' interpreter and node modules, with a reason for each that is absent."""

    directory: Path
    absent: dict[Runtime, str] = field(default_factory=dict)

    @property
    def python(self) -> Path:
        return self.directory / "venv" / "bin" / "python"

    @property
    def node_modules(self) -> Path:
        return self.directory / "node" / "node_modules"

    def missing(self, runtime: Runtime) -> str | None:
        """Why this runtime can't run anything, or None."""
        return self.absent.get(runtime)


def cache_directory() -> Path:
    """ALONGSIDE_BENCH_CACHE, else the user's cache directory; one room per set of pins and interpreter."""
    chosen = os.environ.get("ALONGSIDE_BENCH_CACHE")
    place = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    pins = (HERE / "peers.txt").read_bytes() + (HERE / "package.json").read_bytes() + sys.version.encode()
    return place / "alongside-bench" / sha256(pins).hexdigest()[:12]


def without_peers() -> PeerEnvironment:
    """For a run that wants neither; the limits that need the peers' drivers are absent too."""
    reason = "left out by --no-peers"
    return PeerEnvironment(cache_directory(), {Runtime.PEERS: reason, Runtime.NODE: reason})


def prepare(say: Callable[[str], None]) -> PeerEnvironment:
    """Installs what is not there yet. What can't be installed is remembered as absent, never raised."""
    environment = PeerEnvironment(cache_directory())
    environment.directory.mkdir(parents=True, exist_ok=True)
    done = environment.directory / "venv" / ".installed"
    if not done.exists():
        say("installing the Python peers, once")
        python = str(environment.python)
        failure = _try([sys.executable, "-m", "venv", "--clear", str(done.parent)]) or _try(
            [
                python,
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "-r",
                str(HERE / "peers.txt"),
            ]
        )
        if failure:
            environment.absent[Runtime.PEERS] = f"Python peers are not installed: {failure}"
        else:
            done.touch()
    if shutil.which("node") is None:
        environment.absent[Runtime.NODE] = "node is not installed"
    elif not (environment.node_modules / ".installed").exists():
        say("installing the node peers, once")
        failure = _install_node(environment)
        if failure:
            environment.absent[Runtime.NODE] = f"node peers are not installed: {failure}"
    return environment


def _install_node(environment: PeerEnvironment) -> str | None:
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    home = environment.node_modules.parent
    home.mkdir(exist_ok=True)
    shutil.copy(HERE / "package.json", home)
    quiet = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    failure = _try([npm, "install", *quiet], home)
    if not failure:
        (environment.node_modules / ".installed").touch()
    return failure


def _try(command: list[str], directory: Path | None = None) -> str | None:
    """None when the command went well, else the last thing it said."""
    try:
        subprocess.run(
            command, cwd=directory, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS
        )
    except subprocess.CalledProcessError as error:
        return (
            (error.stderr or "").strip().splitlines()[-1:][0] if (error.stderr or "").strip() else str(error)
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        return str(error)
    return None
