"""The keys of a house on one machine: each service's, the log's, and those of a witness for development.

A witness that the operator of the log runs proves nothing to others: an agency has other people run them.
"""

import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.credentials import kept, write_private
from deploy.ports import HOST
from deploy.processes import TAG, Child
from deploy.services import WITHOUT_STORE
from shared.kernel.notekeys import COSIGNATURE, ED25519, Signer

WITNESS = "witness"
LOG = "ledger"
_WITNESS_PROGRAM = "from services.audit.witness.verbs import witness; witness()"


def signer(data: Path, name: str, kind: int = ED25519) -> Signer:
    """The key of that name, made at first use. Called under the data directory's lock."""
    return Signer.parse(kept(data, f"key {name}", lambda: Signer.new(name, kind).skey()))


def environment(
    data: Path, region: str, name: str, others: Sequence[str], witness_port: int
) -> dict[str, str]:
    """What a service signs with; and for audit, whose signatures it believes and who must witness its log."""
    if name in WITHOUT_STORE:
        return {}
    found = {"ALONGSIDE_SIGNING_KEY": signer(data, f"{region}/{name}").skey()}
    if name == "notifications":
        # Secrets of endpoints follow from it. A house on one machine may send to that machine, for development.
        key = kept(data, "webhooks", lambda: secrets.token_urlsafe(32))
        found |= {"ALONGSIDE_WEBHOOK_KEY": key, "ALONGSIDE_WEBHOOK_LOOPBACK": "allow"}
    if name == "audit":
        producers = [
            signer(data, f"{region}/{other}").vkey() for other in others if other not in WITHOUT_STORE
        ]
        found |= {
            "ALONGSIDE_PRODUCERS": "\n".join(producers),
            "ALONGSIDE_LEDGER_KEY": signer(data, f"{region}/{LOG}").skey(),
            "ALONGSIDE_LEDGER_STATE": str(data / LOG),
            "ALONGSIDE_WITNESS_POLICY": policy(data, region, witness_port),
        }
    return found


def policy(data: Path, region: str, witness_port: int) -> str:
    """One of one: for development. The same in a file, for those who verify what was exported."""
    text = (
        f"log {signer(data, f'{region}/{LOG}').vkey()}\n"
        f"witness local {_witness(data, region).vkey()} http://{HOST}:{witness_port}\n"
        "quorum local\n"
    )
    folder = data / LOG
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "policy.txt").write_text(text)
    return text


def witness_child(data: Path, region: str, port: int) -> Child:
    """The development witness, with its memory in `data/witness`."""
    state = data / WITNESS
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (state / "key").exists():
        write_private(state / "key", _witness(data, region).skey() + "\n")
    log = signer(data, f"{region}/{LOG}").vkey()
    given = ["serve", "--log", log, "--state", str(state), "--listen", f"{HOST}:{port}"]
    command = [sys.executable, "-P", "-c", _WITNESS_PROGRAM, *given]
    return Child(WITNESS, command, log=data / "logs" / f"{WITNESS}.log", env={TAG: str(data)})


def _witness(data: Path, region: str) -> Signer:
    return signer(data, f"{region}/{WITNESS}", COSIGNATURE)
