"""Whatever bytes come, every reader either refuses them as malformed or gives them back the same."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.merkle import consistency_proof, inclusion_proof
from services.audit.ledger.formats.note import Signature, Verifier, parse_note, with_signatures
from services.audit.ledger.formats.proof import Proof
from services.audit.ledger.formats.tiles import Tile, decode_entries, encode_entries
from services.audit.witness.request import Request
from tests.audit.ledger_formats.logs import log_of

LOG = log_of(300)


def note_again(data: bytes) -> bytes:
    note = parse_note(data)
    return with_signatures(f"{note.text}\n".encode(), note.unverified)


READERS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "leaf": (
        Leaf("/uk-london/sessions", 7, "ab" * 32, 12, datetime(2026, 9, 1, tzinfo=UTC)).encode(),
        lambda data: Leaf.decode(data).encode(),
    ),
    "note": (LOG.note(77), note_again),
    "checkpoint": (
        LOG.checkpoint(77).text().encode(),
        lambda data: Checkpoint.parse(data.decode(errors="replace")).text().encode(),
    ),
    "proof": (
        Proof(5, tuple(inclusion_proof(LOG.hashes, 5, 77)), LOG.note(77), b"extra").encode(),
        lambda data: Proof.decode(data).encode(),
    ),
    "request": (
        Request(5, tuple(consistency_proof(LOG.hashes, 5, 77)), LOG.note(77)).encode(),
        lambda data: Request.decode(data).encode(),
    ),
    "entries": (encode_entries(LOG.entries[:3]), lambda data: encode_entries(decode_entries(data))),
    "key": (
        LOG.signer.vkey().encode(),
        lambda data: Verifier.parse(data.decode(errors="replace")).vkey().encode(),
    ),
    "signature": (
        parse_note(LOG.note(77)).unverified[0].line().removesuffix("\n").encode(),
        lambda data: Signature.parse(data.decode(errors="replace")).line().removesuffix("\n").encode(),
    ),
    "path": (b"tile/0/x001/067.p/5", lambda data: Tile.parse(data.decode(errors="replace")).path.encode()),
}


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60)
@given(data=st.data())
def test_what_is_read_is_written_the_same(name: str, data: st.DataObject) -> None:
    whole, again = READERS[name]
    assert again(whole) == whole
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 8)))
    piece = st.binary(max_size=4) | st.sampled_from(
        [b"\n", b"\n\n", b"0", b"-", b" ", b"+", b"=", b"\xe2\x80\x94 ", b"\r\n"]
    )
    changed = whole[:start] + data.draw(piece) + whole[end:]
    try:
        written = again(changed)
    except Malformed:
        return
    assert written in (changed, changed.decode(errors="replace").encode())
