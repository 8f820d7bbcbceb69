"""Whatever the documentation names is there: files, tests, links, verbs, sections."""

import ast
import re
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from typer import Typer
from typer.main import get_command

from tests.docs.pages import ROOT, anchors, blocks, links, named, pages

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
SECTIONS = ["Context", "Decision", "Cost", "Alternatives"]
# With a placeholder, a star or a command around it, a path names no single file.
PATH = re.compile(r"(?:\.ci|alongside|bench|deploy|docs|services|shared|tests)(?:/[\w.-]+)+/?")
TEST = re.compile(r"(?P<file>tests/[\w/]+\.py)::(?P<name>test_\w+)")
VERB = re.compile(r"\./alongside ([a-z][a-z-]*)(?: ([a-z][a-z-]*)\b)?")
ADDRESS = re.compile(r"https?://([\w.-]+)")
OWN_HOSTS = {"127.0.0.1", "localhost"}

each_page = pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))


@cache
def names_of_tests(file: Path) -> frozenset[str]:
    """The names of the tests in a file, read without running it."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(file.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


@each_page
def test_a_link_leads_somewhere(page: Path) -> None:
    for target in links(page):
        if target.startswith(("http://", "https://")):
            continue
        place, _, anchor = target.partition("#")
        file = (page.parent / place).resolve() if place else page
        assert file.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(file), f"{page.name} links to {target}"


@each_page
def test_a_file_that_is_named_exists(page: Path) -> None:
    for text in named(page):
        if PATH.fullmatch(text):
            assert (ROOT / text).exists(), f"{page.name} names {text}"


@each_page
def test_a_test_that_is_named_exists(page: Path) -> None:
    for found in TEST.finditer(page.read_text()):
        file = ROOT / found["file"]
        assert file.exists(), f"{page.name} names {found[0]}"
        assert found["name"] in names_of_tests(file), f"{page.name} names {found[0]}"


def verbs_of(name: str) -> set[str]:
    """The verbs inside a verb; none when it has no others inside."""
    (found,) = entry_points(group="alongside.verbs", name=name)
    target = found.load()
    group = get_command(target) if isinstance(target, Typer) else None
    return set(getattr(group, "commands", ()))


@each_page
def test_a_verb_that_is_named_exists(page: Path) -> None:
    verbs = {verb.name for verb in entry_points(group="alongside.verbs")}
    for verb, more in VERB.findall(page.read_text()):
        assert verb in verbs, f"{page.name} names ./alongside {verb}"
        inside = verbs_of(verb)
        assert not more or not inside or more in inside, f"{page.name} names ./alongside {verb} {more}"


@each_page
def test_a_page_sends_nobody_to_a_machine(page: Path) -> None:
    """Code of the project lives on no address that a page could name, except the reader's own machine."""
    for block in blocks(page):
        for host in ADDRESS.findall(block.text):
            assert host in OWN_HOSTS, f"{block.place} names {host}"


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_a_number_of_its_own_and_four_sections(page: Path) -> None:
    text = page.read_text()
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", page.stem)
    assert [other.stem for other in DECISIONS if other.stem[:4] == page.stem[:4]] == [page.stem]
    assert text.startswith(f"# {int(page.stem[:4])}. ")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == SECTIONS
    assert len(text.splitlines()) <= 60, "a decision is one page"


def test_every_guarantee_names_its_proof() -> None:
    """A row of the tables of guarantees without a test would be a hope."""
    page = ROOT / "docs" / "guarantees.md"
    kept = page.read_text().partition("## What is not promised")[0]
    rows = [row for row in kept.splitlines() if row.startswith("| ") and not row.startswith("| ---")]
    guarantees = [row for row in rows if not row.startswith("| promise")]
    assert len(guarantees) > 20
    for row in guarantees:
        assert TEST.search(row), row
