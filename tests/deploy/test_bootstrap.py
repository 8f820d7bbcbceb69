"""The bootstrap script says what is missing, notices what changed and shows why an install failed."""

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from deploy.running import ROOT


@pytest.fixture
def bootstrap() -> Any:
    """The script as a module; a suffix-less file can't be imported by name."""
    spec = spec_from_loader("bootstrap", SourceFileLoader("bootstrap", str(ROOT / "alongside")))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_alone_is_told_which_one_to_install(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit):
        bootstrap.use_a_fitting_python()
    assert "needs Python 3.11 to 3.13. This is 3.9" in capsys.readouterr().err


def test_a_failed_install_shows_the_end_of_what_it_printed(
    bootstrap: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        bootstrap.run([sys.executable, "-c", "print('hash mismatch'); raise SystemExit(3)"], "installing")
    assert ended.value.code == 1
    assert "installing failed" in (said := capsys.readouterr().err)
    assert "hash mismatch" in said


def test_changed_requirements_are_noticed(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    stamp = tmp_path / "stamp.json"
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path))
    monkeypatch.setattr(bootstrap, "STAMP", str(stamp))
    monkeypatch.setattr(bootstrap, "PYTHON", sys.executable)
    want = bootstrap.wanted(dev=False)
    assert not bootstrap.is_ready(want)
    bootstrap.write_stamp([want["requirements"]], want["project"])
    assert bootstrap.is_ready(want)
    assert not bootstrap.is_ready(bootstrap.wanted(dev=True))
    (tmp_path / "requirements.txt").write_text("another pin")
    assert not bootstrap.is_ready(bootstrap.wanted(dev=False))


def test_requirements_are_pinned_by_hash_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pins = [line for line in text.splitlines() if "==" in line and not line.startswith("#")]
        assert pins
        assert all(line.endswith("\\") for line in pins)
