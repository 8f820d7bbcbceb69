"""./alongside new-fact: everything that a new fact needs, in a copy of the house."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.contracts.check import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("shared", "deploy", "docs", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(house: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-P", *words], cwd=house, env=env, capture_output=True, text=True, check=False
    )


def test_a_new_fact_is_complete_but_for_its_meaning(copy: Path) -> None:
    made = run(copy, "-m", "deploy.contracts.new_fact", "training", "CourseReopened")
    assert made.returncode == 0, made.stderr
    assert "Two places are left" in made.stdout
    assert "1. services/training/domain/: the aggregate course" in made.stdout
    checked = run(copy, "-m", "deploy.contracts.check")
    assert checked.returncode == 0, checked.stdout
    assert (copy / "tests/contracts/golden/training.CourseReopened.v1.json").exists()
    assert "training.CourseReopened.v1 (draft)" in (copy / "docs/facts.md").read_text()
    tested = run(
        copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/training/test_course_reopened.py"
    )
    assert tested.returncode == 1, tested.stdout
    assert "say which command decides it" in tested.stdout
    written = [line.split()[1] for line in made.stdout.splitlines() if line.endswith(".py")]
    assert len(written) == 3
    linted = run(copy, "-m", "ruff", "check", *written)
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(
    ("service", "name", "said"),
    [
        ("training", "CourseRetired", "is published already"),
        ("training", "retire", "at least two words in the past tense"),
        ("kites", "KiteFlown", "no service 'kites'"),
    ],
)
def test_what_makes_no_sense_is_refused(copy: Path, service: str, name: str, said: str) -> None:
    made = run(copy, "-m", "deploy.contracts.new_fact", service, name)
    assert made.returncode == 2
    assert said in made.stderr
