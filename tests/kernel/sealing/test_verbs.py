"""./alongside keyring: what an operator is told, and with which exit code."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from shared.kernel.cli import DONE, FAILED, NOTHING_RUNS, REFUSED
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.verbs import keyring as verb
from tests.kernel.sealing.conftest import Ring


class Operator:
    """Uses the verb on the keyring that a run.json names."""

    def __init__(self, ring: Ring, data: Path) -> None:
        self.data = data
        run = {"keyring_url": ring.url, "epoch_keys": str(ring.folder)}
        (data / "run.json").write_text(json.dumps(run))

    def does(self, *words: str) -> tuple[int, str]:
        found = CliRunner().invoke(verb, [*words, "--data", str(self.data)])
        return found.exit_code, found.output


async def test_status_rotate_and_verify(own_ring: Ring, tmp_path: Path, ada: UUID) -> None:
    keyring, operator = own_ring.keyring(), Operator(own_ring, tmp_path)
    refs = [KeyRef(ada, "profile"), KeyRef(ada, "casework")]
    await keyring.make(refs)
    await keyring.destroy(refs[0].subject_id, ["profile"])
    code, said = operator.does("status")
    assert code == DONE
    assert "keys: 1 (1 casework); destroyed: 1" in said
    assert "1 keys were destroyed since" in said
    code, said = operator.does("rotate")
    assert (code, said.splitlines()[0]) == (
        DONE,
        "epoch 2 is current: 1 keys wrapped anew, keys of epochs destroyed: 1",
    )
    code, said = operator.does("status", "--json")
    found = json.loads(said)
    assert (found["beyond"], found["tombstones"], found["keys"]) == (0, 1, {"casework": 1})
    assert [(epoch["number"], epoch["state"]) for epoch in found["epochs"]] == [
        (1, "destroyed"),
        (2, "current"),
    ]
    assert operator.does("verify") == (DONE, "1 keys can be unwrapped; the keyring is whole\n")

    own_ring.sql("UPDATE data_keys SET wrapped = decode(repeat('00', 56), 'hex')")
    code, said = operator.does("verify", "--json")
    assert (code, len(json.loads(said)["findings"])) == (FAILED, 1)
    code, said = operator.does("rotate")
    assert (code, "1 keys can't be unwrapped" in said) == (FAILED, True)
    assert "a rotation was begun and is not finished" in operator.does("status")[1]
    own_ring.epochs.destroy(3)
    assert operator.does("rotate")[0] == REFUSED
    await keyring.close()


def test_without_a_keyring_it_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ring: Ring
) -> None:
    words = ["status", "--data", str(tmp_path)]
    found = CliRunner().invoke(verb, words)
    assert found.exit_code == NOTHING_RUNS
    assert "ALONGSIDE_KEYRING_OWNER_URL" in found.output
    monkeypatch.setenv("ALONGSIDE_KEYRING_OWNER_URL", ring.url)
    monkeypatch.setenv("ALONGSIDE_EPOCH_KEYS", str(ring.folder))
    assert CliRunner().invoke(verb, words).exit_code == DONE
    monkeypatch.setenv("ALONGSIDE_KEYRING_OWNER_URL", "postgresql://x:y@127.0.0.1:1/z")
    assert CliRunner().invoke(verb, words).exit_code == NOTHING_RUNS
