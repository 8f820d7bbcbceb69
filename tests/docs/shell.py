"""One bash that goes on from block to block of a page, as a reader's terminal would."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Self

from deploy.embedded import System
from deploy.ports import BASE, OFFSETS
from tests.docs.pages import ROOT

END = "that-was-all"
SECONDS = 60


class Shell:
    """Speaks to `system` where a page speaks to the usual ports, in a checkout whose data is the system's."""

    def __init__(self, system: System, folder: Path) -> None:
        self._system = system
        shown = {entry.name: entry for entry in ROOT.iterdir() if entry.name != ".git"} | {
            ".alongside": system.data
        }
        for name, entry in shown.items():
            if not (folder / name).is_symlink():
                (folder / name).symlink_to(entry)
        self._bash = subprocess.Popen(
            ["timeout", str(SECONDS), "bash", "--norc"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bash.kill()
        self._bash.wait()

    def run(self, commands: str) -> str:
        """What the block prints. Fails when its last command does, or when all together take too long."""
        assert self._bash.stdin
        assert self._bash.stdout
        for name, offset in OFFSETS.items():
            commands = commands.replace(f"127.0.0.1:{BASE + offset}", f"127.0.0.1:{self._system.ports[name]}")
        ours = f"'{sys.executable}' -P -m shared.kernel.cli \\1 --data .alongside"
        commands = commands.replace(".venv/bin/python", f"'{sys.executable}'")
        # A verb of a group; verifying and the catalogue have no data directory.
        groups = "stream|audit|tamper|integrator|webhooks|events|oneroster"
        verb = rf"\./alongside ((?!audit verify|schema )(?:(?:{groups}) )?[a-z-]+)"
        commands = re.sub(verb, ours, commands)
        commands = commands.replace("./alongside ", f"'{sys.executable}' -P -m shared.kernel.cli ")
        self._bash.stdin.write(f"{commands}\necho; echo {END} $?\n")
        self._bash.stdin.flush()
        lines: list[str] = []
        for line in self._bash.stdout:
            if line.startswith(END):
                assert line.split()[1] == "0", f"{commands}\nended with {line.split()[1]}:\n{''.join(lines)}"
                break
            lines.append(line)
        else:
            raise AssertionError(f"the shell ended while doing\n{commands}\n{''.join(lines)}")
        printed = "".join(lines)
        for name, offset in OFFSETS.items():
            printed = printed.replace(f"127.0.0.1:{self._system.ports[name]}", f"127.0.0.1:{BASE + offset}")
        return printed
