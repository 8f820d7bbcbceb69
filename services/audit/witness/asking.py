"""Asking a witness for its cosignature, as the log that has a new checkpoint."""

import asyncio
from collections.abc import Sequence

import httpx

from services.audit.ledger.formats.cosignature import Witness
from services.audit.ledger.formats.exact import Malformed, decimal
from services.audit.ledger.formats.note import Signature, parse_note
from services.audit.witness.request import Request

LONGEST_ANSWER = 64 * 1024


class NotCosigned(Exception):
    """The witness gave no cosignature; the class says why."""


class Unreachable(NotCosigned):
    """No answer, or none that a witness gives. Ask again later."""


class Behind(NotCosigned):
    """The witness has cosigned another size last: prove from `size`."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the witness has cosigned size {size}")
        self.size = size


class Forked(NotCosigned):
    """The witness has cosigned another root at this size: there are two histories."""


class BadProof(NotCosigned):
    """The proof does not lead from what the witness has cosigned to this checkpoint."""


class UnknownLog(NotCosigned):
    """The witness is not set up for this log."""


class Untrusted(NotCosigned):
    """The witness does not accept the log's signature."""


class BadRequest(NotCosigned):
    """The witness cannot read the request."""


class FalseCosignature(NotCosigned):
    """The answer is no cosignature of this checkpoint by the witness's key."""


_REFUSALS = {400: BadRequest, 403: Untrusted, 404: UnknownLog, 409: Forked, 413: BadRequest, 422: BadProof}


async def cosign(
    url: str,
    old_size: int,
    proof: Sequence[bytes],
    note: bytes,
    timeout: float,
    *,
    witness: Witness | None = None,
    client: httpx.AsyncClient | None = None,
) -> list[Signature]:
    """The witness's signature lines for the signed checkpoint `note`, within `timeout` seconds.

    With `witness` given, only its own lines, verified. Raises a NotCosigned.
    """
    body = Request(old_size, tuple(proof), note).encode()
    try:
        if client is None:
            async with httpx.AsyncClient(trust_env=False) as fresh:
                status, kind, answer = await _post(fresh, url, body, timeout)
        else:
            status, kind, answer = await _post(client, url, body, timeout)
    except (httpx.HTTPError, TimeoutError, OSError) as silent:
        raise Unreachable(f"{url} does not answer: {str(silent) or type(silent).__name__}") from silent
    if status == 200:
        return _verified(answer, note, witness)
    if status == 409 and kind == "text/x.tlog.size":
        try:
            raise Behind(decimal(answer.removesuffix("\n")))
        except Malformed as error:
            raise Unreachable(f"{url} does not answer as a witness does") from error
    raise _REFUSALS.get(status, Unreachable)(f"{url} answers {status}: {answer[:200].strip()}")


def _verified(answer: str, note: bytes, witness: Witness | None) -> list[Signature]:
    try:
        lines = [Signature.parse(line) for line in answer.removesuffix("\n").split("\n")]
        text = parse_note(note).text.encode()
    except Malformed as error:
        raise FalseCosignature(str(error)) from error
    if witness is None:
        return lines
    own = [each for each in lines if (each.name, each.key_id) == (witness.name, witness.key_id)]
    if not own or not all(witness.verify(text, each.signature) for each in own):
        raise FalseCosignature(f"not a cosignature of {witness.name}")
    return own


async def _post(client: httpx.AsyncClient, url: str, body: bytes, timeout: float) -> tuple[int, str, str]:
    async with (
        asyncio.timeout(timeout),
        client.stream("POST", f"{url.rstrip('/')}/add-checkpoint", content=body, timeout=timeout) as answer,
    ):
        found = bytearray()
        async for chunk in answer.aiter_bytes():
            found += chunk
            if len(found) > LONGEST_ANSWER:
                raise Unreachable(f"{url} answers without end")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip()
        return answer.status_code, kind, found.decode("utf-8", "replace")
