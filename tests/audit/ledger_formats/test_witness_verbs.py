"""./alongside witness: keys, what is refused at the start, and what status shows."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.audit.ledger.formats.cosignature import Witness
from services.audit.witness.verbs import witness
from tests.audit.ledger_formats.logs import log_of
from tests.audit.ledger_formats.test_witness import asked, judging

LOG = log_of(300)


def told(*words: str) -> Result:
    return CliRunner().invoke(witness, list(words))


def test_a_key_is_made_once(tmp_path: Path) -> None:
    made = told("key", "witness.example/one", "--state", str(tmp_path))
    assert (made.exit_code, Witness.parse(made.stdout.strip()).name) == (0, "witness.example/one")
    again = told("key", "witness.example/one", "--state", str(tmp_path))
    assert (again.exit_code, "never changes its key" in again.output) == (5, True)
    assert made.stdout.strip() in told("status", "--state", str(tmp_path)).stdout


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["--log", "no+key+here"], 1, "not a vkey"),
        (["--log", "/no/such/file"], 1, "No such file"),
        (["--log", LOG.signer.vkey(), "--name", "another"], 1, "is named witness.example/one"),
        (["--log", LOG.signer.vkey(), "--listen", "nowhere"], 2, "not an address"),
        (["--log", LOG.signer.vkey(), "--listen", "192.0.2.1:1"], 5, "cannot listen"),
    ],
)
def test_a_witness_that_cannot_serve_says_why(tmp_path: Path, words: list[str], code: int, why: str) -> None:
    told("key", "witness.example/one", "--state", str(tmp_path))
    refused = told("serve", "--state", str(tmp_path), *words)
    assert (refused.exit_code, why in refused.output) == (code, True), refused.output


def test_names_that_no_key_can_have_are_wrong_usage(tmp_path: Path) -> None:
    refused = told("key", "with space", "--state", str(tmp_path))
    assert (refused.exit_code, list(tmp_path.iterdir())) == (2, [])


def test_status_shows_the_last_size_of_each_log_and_what_was_refused(tmp_path: Path) -> None:
    told("key", "witness.example/one", "--state", str(tmp_path))
    (tmp_path / "key").write_text(judging(tmp_path).key.skey())
    judge = judging(tmp_path)
    asked(judge, 0, 100)
    asked(judge, 100, 200, proof=[])
    shown = told("status", "--state", str(tmp_path)).stdout
    assert f"{LOG.signer.name}  size 100  root" in shown
    assert shown.count("kept as evidence") == 1
