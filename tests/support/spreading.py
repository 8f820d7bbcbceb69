"""How tests are spread over test processes: what shares a running system stays in one process."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

ONE_SYSTEM = ("tests/attacks/", "tests/console/", "tests/examples/", "tests/faults/test_rounds.py")
"""What shares one: files of a folder, or the tests of a file."""
ANYWHERE = ("tests/faults/", "tests/kernel/bus/", "tests/kernel/store/")
"""Folders of long tests that share nothing, or little: they fill up whatever process is free at the end."""


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """A file at a time: those with the most tests first."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        if shared := next((place for place in ONE_SYSTEM if file.startswith(place)), None):
            return shared
        return nodeid if file.startswith(ANYWHERE) else file
