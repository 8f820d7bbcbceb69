"""A verb whose module is broken says so in one line, and the other verbs go on working."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from shared.kernel import cli

BROKEN = {
    "nameless": ("print(unknown_name)", "NameError: name 'unknown_name' is not defined"),
    "absent": ("import no_such_module_at_all", "No module named 'no_such_module_at_all'"),
    "unclosed": ("def verb(:", "invalid syntax"),
    "failing": ("raise RuntimeError('first line\\nsecond line')", "RuntimeError: first line second line"),
    "without": ("other = 1", "has no attribute 'verb'"),
}
FINE = 'def verb() -> None:\n    """Says hello."""\n    print("hello")\n'


@pytest.fixture(autouse=True)
def verbs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verbs in modules of their own, broken ones and one that is fine."""
    texts = {name: text for name, (text, _) in BROKEN.items()} | {"fine": FINE}
    found = {}
    for name, text in texts.items():
        (tmp_path / f"verb_{name}.py").write_text(text)
        found[name] = EntryPoint(name, f"verb_{name}:verb", "alongside.verbs")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(cli, "verbs", lambda: found)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_verb_is_one_line_and_exit_code_1(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([name])
    assert ended.value.code == cli.FAILED
    said = capsys.readouterr().err
    assert said.startswith(f"alongside: the verb {name} can't be loaded: ")
    assert BROKEN[name][1] in said
    assert said.count("\n") == 1


def test_the_other_verbs_and_the_help_go_on_working(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["fine"])
    assert ended.value.code == cli.DONE
    assert capsys.readouterr().out == "hello\n"
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == cli.DONE
    shown = capsys.readouterr().out
    assert "Says hello." in shown
    assert all(name in shown for name in BROKEN)
