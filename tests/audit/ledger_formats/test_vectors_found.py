"""The reading rule of published vectors, itself."""

from pathlib import Path

import pytest

from tests.support import vectors


def test_a_run_that_names_vectors_it_cannot_find_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(vectors.NAMED, str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="where there is no merkle"):
        vectors.vectors("merkle")


def test_a_run_without_vectors_skips_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(vectors.NAMED, raising=False)
    monkeypatch.setattr(vectors, "BESIDE", tmp_path)
    with pytest.raises(pytest.skip.Exception, match="no published vectors at"):
        vectors.vectors("merkle")


def test_vectors_are_read_where_they_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "merkle").mkdir()
    monkeypatch.setenv(vectors.NAMED, str(tmp_path))
    assert vectors.vectors("merkle") == tmp_path / "merkle"
