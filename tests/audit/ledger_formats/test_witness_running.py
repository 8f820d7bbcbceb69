"""A witness as a process of its own, asked over HTTP, killed and started again."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from services.audit.ledger.formats.cosignature import Witness
from services.audit.ledger.formats.merkle import consistency_proof
from services.audit.ledger.formats.note import Signature, Signer, sign
from services.audit.witness.asking import (
    BadProof,
    BadRequest,
    Behind,
    Forked,
    NotCosigned,
    UnknownLog,
    Unreachable,
    Untrusted,
    cosign,
)
from services.audit.witness.verbs import witness as verbs
from tests.audit.ledger_formats.logs import ORIGIN, Log, log_of

LOG = log_of(300)
FORK = Log(300, forked=50)
SECONDS = 20.0


@dataclass(frozen=True)
class Running:
    """A witness that answers at `url`."""

    process: subprocess.Popen[str]
    url: str
    witness: Witness

    async def asked(self, old: int, new: int, log: Log = LOG, proof: list[bytes] | None = None) -> Signature:
        made = consistency_proof(log.hashes, old, new) if proof is None else proof
        (line,) = await cosign(self.url, old, made, log.note(new), SECONDS, witness=self.witness)
        assert self.witness.verify(log.checkpoint(new).text().encode(), line.signature)
        return line

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(state: Path) -> Iterator[Running]:
    words = ["serve", "--state", str(state), "--log", LOG.signer.vkey(), "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "shared.kernel.cli", "witness", *words, "--name", "witness.example/one"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        vkey, listening = process.stdout.readline().strip(), process.stdout.readline().strip()
        assert vkey, process.stderr and process.stderr.read()
        yield Running(process, listening.removeprefix("listening on "), Witness.parse(vkey))
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


async def test_a_running_witness_refuses_what_it_must_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        await first.asked(0, 10)
        await first.asked(10, 100)
        with pytest.raises(Behind) as behind:
            await first.asked(0, 150, proof=[])
        assert behind.value.size == 100
        with pytest.raises(Behind):  # a rollback, honestly asked
            await first.asked(50, 50)
        with pytest.raises(BadRequest):  # a rollback, pretended
            await first.asked(100, 50, proof=[])
        with pytest.raises(Forked):
            await first.asked(100, 100, FORK)
        with pytest.raises(BadProof):
            await first.asked(100, 200, FORK)
        with pytest.raises(UnknownLog):
            await first.asked(0, 5, Log(5, origin="stranger.example"))
        with pytest.raises(Untrusted):
            await cosign(first.url, 100, [], forged(), SECONDS)
        await too_large(first)
        await raced(first, 100)
        largest = await size_of(first)
        second = CliRunner().invoke(verbs, ["serve", "--state", str(tmp_path), "--log", LOG.signer.vkey()])
        assert (second.exit_code, "another witness runs" in second.output) == (5, True)
        answered = await killed_while_asked(first, largest)
    with running(tmp_path) as again:
        assert again.witness == first.witness
        kept = await size_of(again)
        assert kept in (answered, answered + 1)
        with pytest.raises(NotCosigned):
            await again.asked(kept, kept, FORK)
        with pytest.raises(NotCosigned):
            await again.asked(0, 60, FORK)
        await again.asked(kept, 300)
    told = CliRunner().invoke(verbs, ["status", "--state", str(tmp_path), "--json"])
    shown = json.loads(told.stdout)
    assert (shown["vkey"], shown["logs"][ORIGIN]["size"]) == (first.witness.vkey(), 300)
    assert len(shown["refused"]) >= 2


def forged() -> bytes:
    return sign(LOG.checkpoint(100).text(), Signer(ORIGIN, b"n" * 32))


async def too_large(running: Running) -> None:
    """More than a request can have is refused while it still comes."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 50_000_000:
            read += 65_536
            yield b"x" * 65_536

    async with httpx.AsyncClient(trust_env=False) as client:
        with suppress(
            httpx.TransportError
        ):  # the answer is lost when the connection closes under what we still send
            answer = await client.post(f"{running.url}/add-checkpoint", content=endless())
            assert answer.status_code == 413
    assert read < 50_000_000


async def raced(running: Running, size: int) -> None:
    """Several checkpoints at once, from one old size: one is cosigned, the others hear of it."""
    for _ in range(5):
        asking = [running.asked(size, size + more) for more in (3, 1, 2, 4)]
        answers = await asyncio.gather(*asking, return_exceptions=True)
        refused = [each for each in answers if isinstance(each, Behind)]
        assert len(refused) == 3, answers
        size = await size_of(running)
        assert {each.size for each in refused} == {size}


async def killed_while_asked(running: Running, size: int) -> int:
    """Kills the witness while it cosigns one size after the other; the last size that was answered."""
    asyncio.get_running_loop().call_later(0.15, os.kill, running.process.pid, signal.SIGKILL)
    with suppress(Unreachable):
        while True:
            await running.asked(size, size + 1)
            size += 1
    running.process.wait()
    return size


async def size_of(running: Running) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        told = (await client.get(f"{running.url}/status")).json()
    size = told["logs"][ORIGIN]["size"]
    assert isinstance(size, int)
    return size
