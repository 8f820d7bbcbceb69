"""Leaf records and findings: one spelling, one producer, one exit code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.findings import EXIT_CODES, Finding, exit_code
from services.audit.ledger.formats.leaf import Leaf, LeafError, signed_text
from services.audit.ledger.formats.note import Signer
from tests.audit.ledger_formats.logs import based, each_byte_flipped

SOURCE = "/uk-london/assignments"
DIGEST = sha256(b"stored bytes").hexdigest()
PRODUCER = Signer("uk-london/assignments", b"p" * 32)
PRODUCERS = {PRODUCER.key_id: PRODUCER.verifier}
RECEIVED = datetime(2026, 9, 1, 8, 30, 0, 5, tzinfo=UTC)
SIGNED = PRODUCER.signature(signed_text(SOURCE, 7, DIGEST, 12).encode())
LEAF = Leaf(SOURCE, 7, DIGEST, 12, RECEIVED, SIGNED)


def test_a_leaf_is_seven_lines() -> None:
    lines = ["alongside-leaf/v1", SOURCE, "7", DIGEST, "12", "2026-09-01T08:30:00.000005Z", SIGNED, ""]
    assert LEAF.encode().decode().split("\n") == lines
    assert Leaf.decode(LEAF.encode()) == LEAF
    assert replace(LEAF, signature="-").encode().endswith(b"Z\n-\n")


def test_a_leaf_in_any_other_spelling_is_refused_or_is_another_leaf() -> None:
    for changed in each_byte_flipped(LEAF.encode()):
        try:
            found = Leaf.decode(changed)
        except Malformed:
            continue
        assert found.encode() == changed
        assert found != LEAF


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"leaf/v1", b"leaf/v2"),
        (b"\n7\n", b"\n07\n"),
        (b"\n7\n", b"\n0\n"),
        (b"\n7\n", b"\n-7\n"),
        (b"\n12\n", b"\n12 \n"),
        (b"\n12\n", b"\n1e1\n"),
        (b"\n12\n", b"\n" + b"9" * 19 + b"\n"),
        (DIGEST.encode(), DIGEST.upper().encode()),
        (DIGEST.encode(), DIGEST[:-1].encode()),
        (b".000005Z", b"Z"),
        (b".000005Z", b".000005+00:00"),
        (b".000005Z", b".00005Z"),
        (b"2026-09-01", b"2026-02-30"),
        (b"/uk-london/assignments", b"uk-london/assignments"),
        (b"/uk-london/assignments", b"/uk london"),
        (SIGNED.encode(), b""),
        (SIGNED.encode(), SIGNED[:-4].encode()),
        (SIGNED.encode(), based(b"x" * 67).encode()),
        (SIGNED.encode() + b"\n", SIGNED.encode()),
        (SIGNED.encode() + b"\n", SIGNED.encode() + b"\n\n"),
        (SIGNED.encode() + b"\n", SIGNED.encode() + b"\nmore"),
    ],
)
def test_leaves_that_are_not_exactly_so_are_refused(old: bytes, new: bytes) -> None:
    assert old in LEAF.encode()
    with pytest.raises(Malformed):
        Leaf.decode(LEAF.encode().replace(old, new))


def test_times_of_other_zones_are_not_written() -> None:
    for moment in (RECEIVED.replace(tzinfo=None), RECEIVED.astimezone(timezone(timedelta(hours=1)))):
        with pytest.raises(LeafError, match="UTC"):
            replace(LEAF, received_at=moment)


def test_the_producer_of_the_source_has_signed_or_nobody_has() -> None:
    assert LEAF.signed_by(PRODUCERS) == PRODUCER.verifier
    assert LEAF.signed_by({}) is None
    assert replace(LEAF, signature="-").signed_by(PRODUCERS) is None
    for other in (replace(LEAF, position=8), replace(LEAF, length=13), replace(LEAF, sha256="0" * 64)):
        assert other.signed_by(PRODUCERS) is None
    assert replace(LEAF, received_at=RECEIVED + timedelta(1)).signed_by(PRODUCERS) == PRODUCER.verifier


def test_a_producer_cannot_sign_for_another_source() -> None:
    sessions = "/uk-london/sessions"
    signature = PRODUCER.signature(signed_text(sessions, 7, DIGEST, 12).encode())
    assert Leaf(sessions, 7, DIGEST, 12, RECEIVED, signature).signed_by(PRODUCERS) is None


def test_every_finding_has_an_exit_code_of_its_own() -> None:
    assert set(EXIT_CODES) == set(Finding)
    assert sorted(EXIT_CODES.values()) == list(range(10, 10 + len(Finding)))
    assert (Finding.BLOB_EDITED.exit_code, str(Finding.BLOB_EDITED)) == (10, "BLOB EDITED")


def test_what_cannot_be_read_outweighs_every_other_finding() -> None:
    assert exit_code([]) == 0
    assert exit_code([Finding.UNSIGNED, Finding.ROLLBACK]) == Finding.ROLLBACK.exit_code
    assert exit_code([Finding.ROLLBACK, Finding.PARSE_ERROR]) == Finding.PARSE_ERROR.exit_code
