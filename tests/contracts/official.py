"""The official AsyncAPI parser: installed once into a cache folder, from the committed lock file."""

import fcntl
import json
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "asyncapi"
FILES = ("package.json", "package-lock.json", ".npmrc", "parse.mjs")
SECONDS = 120


def _cache() -> Path:
    """A folder of its own for each content of the files, so that a new lock file is installed anew."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "alongside"
    digest = sha256(b"\0".join((HERE / name).read_bytes() for name in FILES)).hexdigest()
    return root / f"asyncapi-parser-{digest[:16]}"


def installed() -> Path:
    """The folder with the parser in it. Skips the test where node, npm or the packages can't be had."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            pytest.skip(f"the official AsyncAPI parser needs {tool}, which is not installed here")
    place = _cache()
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test processes must not install into the same folder
        if not (place / "done").exists():
            _install(place)
    return place


def _install(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name in FILES:
        shutil.copy(HERE / name, place / name)
    try:
        done = _run(["npm", "ci"], place)
    except subprocess.TimeoutExpired:
        pytest.skip(f"the packages of the official AsyncAPI parser did not arrive within {SECONDS} s")
    if done.returncode:
        why = " ".join(done.stderr.split())[-200:]
        pytest.skip(f"the packages of the official AsyncAPI parser can't be had: {why}")
    (place / "done").touch()


def parsed(*files: Path) -> list[dict[str, Any]]:
    """What the parser makes of each file: ids of messages, addresses of channels, diagnostics."""
    done = _run(["node", "parse.mjs", *map(str, files)], installed())
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _run(command: list[str], place: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
    )
