"""Asking witnesses that are not there, lie, or never end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.audit.ledger.formats.cosignature import Witness, cosign
from services.audit.witness import asking
from services.audit.witness.asking import Behind, FalseCosignature, NotCosigned, Unreachable
from tests.audit.ledger_formats.logs import log_of, witness_key

LOG = log_of(300)
NOTE = LOG.note(77)
KEY = witness_key(1)
WITNESS = Witness(KEY.verifier)
LINE = cosign(LOG.checkpoint(77).text(), KEY.name, KEY.seed, 5).line()
OTHERS = cosign(LOG.checkpoint(77).text(), "witness.example/2", b"2" * 32, 5).line()
OF_ANOTHER = cosign(LOG.checkpoint(76).text(), KEY.name, KEY.seed, 5).line()


@asynccontextmanager
async def answering(answer: bytes, *, endless: bool = False) -> AsyncIterator[str]:
    """The address of one that answers everything with these bytes."""

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        try:
            while endless:
                writer.write(b"x" * 10_000)
                await writer.drain()
            await writer.drain()
            if not answer:
                await reader.read()  # silent until the other side goes
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answered, "127.0.0.1")
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def http(status: int, body: str, kind: str = "text/plain") -> bytes:
    data = body.encode()
    head = f"HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


async def asked(answer: bytes, *, endless: bool = False, timeout: float = 5) -> list[str]:
    async with answering(answer, endless=endless) as url:
        return [each.line() for each in await asking.cosign(url, 0, [], NOTE, timeout, witness=WITNESS)]


async def test_only_the_witness_asked_is_listened_to() -> None:
    assert await asked(http(200, OTHERS + LINE)) == [LINE]


@pytest.mark.parametrize("body", ["", OTHERS, OF_ANOTHER, LINE + OF_ANOTHER, LINE + "\n", "nonsense\n"])
async def test_what_is_no_cosignature_of_the_checkpoint_is_not_taken(body: str) -> None:
    with pytest.raises(FalseCosignature):
        await asked(http(200, body))


async def test_a_witness_elsewhere_says_where_it_is() -> None:
    with pytest.raises(Behind) as behind:
        await asked(http(409, "70\n", "text/x.tlog.size"))
    assert behind.value.size == 70


@pytest.mark.parametrize(
    "answer",
    [
        http(409, "070\n", "text/x.tlog.size"),
        http(409, "9" * 30_000, "text/x.tlog.size"),
        http(500, "broken"),
        http(301, "elsewhere"),
        b"not HTTP\r\n\r\n",
        b"HTTP/1.1 200 Said\r\nContent-Length: 999\r\n\r\ncut",
    ],
)
async def test_what_no_witness_answers_is_no_answer(answer: bytes) -> None:
    with pytest.raises(Unreachable):
        await asked(answer)


async def test_an_answer_without_end_is_not_waited_for() -> None:
    with pytest.raises(Unreachable, match="without end"):
        await asked(b"HTTP/1.1 200 Said\r\n\r\n", endless=True)


async def test_silence_is_not_waited_for() -> None:
    with pytest.raises(Unreachable, match="does not answer"):
        await asked(b"", timeout=0.1)


async def test_nobody_there_is_said_at_once() -> None:
    async with answering(b"") as url:
        pass
    with pytest.raises(NotCosigned, match="does not answer"):
        await asking.cosign(url, 0, [], NOTE, 5)
