"""Commands that the documentation shows do what it says, on a running system."""

import shutil
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from deploy.embedded import System
from tests.docs.agreement import Agreement
from tests.docs.pages import ROOT, Block, blocks, pages
from tests.docs.shell import Shell
from tests.support.engines import engine_folder

SECONDS = 10
GOES_ON = dict.fromkeys(
    ("evidence.md", "feed.md", "first-event.md", "oneroster.md", "replay.md", "webhooks.md"), "README.md"
)
"""Pages that are read on the house which another page has left: a start costs more than what they do."""
RUN = [page for page in pages() if any("run" in block.words for block in blocks(page))]
FIRST = [page for page in RUN if page.name not in GOES_ON]

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="the pages use curl")


@pytest.fixture
def system() -> Iterator[System]:
    with engine_folder() as folder, System(folder / "data") as system:
        yield system


def query(system: System, service: str, sql: str) -> str:
    """Rows as the pages show them: a line each, columns apart by ` | `."""
    with psycopg.connect(system.database_url(service)) as connection:
        cursor = connection.execute(sql.encode())
        names = " | ".join(column.name for column in cursor.description or ())
        rows = [" | ".join("" if cell is None else str(cell) for cell in row) for row in cursor]
    return "\n".join([names, *rows])


def answers(block: Block, system: System, shell: Shell) -> Iterator[str]:
    """What the block answers; a query is asked again, since a projection may still be on its way."""
    if block.language == "sh":
        yield shell.run(block.text)
        return
    until = time.monotonic() + SECONDS
    service = next(word.partition("=")[2] for word in block.words if word.startswith("on="))
    while time.monotonic() < until:
        yield query(system, service, block.text)
        time.sleep(0.05)


@pytest.mark.parametrize("page", FIRST, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_shows_is_what_happens(page: Path, system: System, tmp_path: Path) -> None:
    for each in [page, *(other for other in RUN if GOES_ON.get(other.name) == page.name)]:
        # The guides are read one after the other, with what the one before has left.
        (folder := tmp_path / (each.parent.name if each.parent.name == "guides" else each.stem)).mkdir(
            exist_ok=True
        )
        _read(each, system, folder)


def _read(page: Path, system: System, folder: Path) -> None:
    agreement = Agreement()
    with Shell(system, folder) as shell:
        for block, after in pairwise([*blocks(page), Block(page, 0, "", (), "")]):
            if "run" not in block.words:
                continue
            shown = after.text if "answer" in after.words else "…"
            printed = ""
            for printed in answers(block, system, shell):
                if agreement.holds(printed, shown):
                    break
            else:
                pytest.fail(f"{block.place} answered\n{printed}\nand the page shows\n{shown}")


def test_pages_are_run_at_all() -> None:
    assert {page.name for page in RUN} >= {"README.md", "a-fact-travels.md", "evidence.md"}


def test_an_answer_that_differs_is_noticed() -> None:
    one, other = "01a208c3-ece4-7615-9202-6f58ce605927", "2620a222-357a-55ee-8f38-ec39d7485ad8"
    agreement = Agreement()
    assert agreement.holds(f'{{"position":13,"id":"{one}"}}\n', f'{{"position":13,"id":"{other}"}}')
    assert agreement.holds(f"{one} at 2026-11-23T14:20:15Z", f"{other} at 2027-01-01T00:00:00Z")
    assert agreement.holds("a b c", "a … c")
    assert not agreement.holds('{"position":14}', '{"position":13}')
    assert not agreement.holds("a b c", "a …d")
    assert not agreement.holds(other, other), "the page showed this id for another one"
