"""Directories for the epoch keys of tests."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path


def folder_of_epochs() -> Path:
    """An empty directory for epoch keys, gone when the tests are over."""
    return Path(tempfile.mkdtemp(dir=_root()))


@cache
def _root() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="alongside-epochs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
