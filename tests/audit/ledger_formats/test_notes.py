"""Signed notes and checkpoints: opened only when every byte is as it must be."""

import pytest

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.exact import LARGEST, Malformed
from services.audit.ledger.formats.note import (
    NoteError,
    Signer,
    Unsigned,
    Verifier,
    open_note,
    sign,
    with_signatures,
)
from shared.kernel.notekeys import key_id
from tests.audit.ledger_formats.logs import ORIGIN, based, each_byte_flipped, log_of

LOG = log_of(300)
NOTE = LOG.note(77)
KEY = LOG.signer.verifier
ROOT = based(LOG.checkpoint(77).root)
OTHER = Signer("other.example/log", b"o" * 32)


def test_a_note_opens_with_the_key_that_signed_it() -> None:
    opened = open_note(NOTE, [KEY])
    assert Checkpoint.parse(opened.text) == LOG.checkpoint(77)
    assert [each.name for each in opened.signatures] == [ORIGIN]


def test_one_changed_bit_anywhere_in_a_note_is_noticed() -> None:
    for changed in each_byte_flipped(NOTE):
        with pytest.raises(Malformed):
            open_note(changed, [KEY])


def test_a_note_that_is_cut_anywhere_does_not_open() -> None:
    for end in range(len(NOTE)):
        with pytest.raises(Malformed):
            open_note(NOTE[:end], [KEY])


def test_signatures_of_unknown_keys_are_passed_over_and_kept_apart() -> None:
    both = sign(LOG.checkpoint(77).text(), OTHER, LOG.signer)
    opened = open_note(both, [KEY])
    assert ([each.name for each in opened.signatures], [each.name for each in opened.unverified]) == (
        [ORIGIN],
        [OTHER.name],
    )
    with pytest.raises(Unsigned):
        open_note(both, [])


def test_a_key_of_the_same_name_is_another_key() -> None:
    namesake = Signer(ORIGIN, b"n" * 32)
    with pytest.raises(Unsigned):
        open_note(NOTE, [namesake.verifier])


def test_one_false_signature_of_a_known_key_spoils_the_note() -> None:
    false = open_note(LOG.note(78), [KEY]).signatures
    with pytest.raises(NoteError, match=f"signature of {ORIGIN} is false"):
        open_note(with_signatures(sign(LOG.checkpoint(77).text(), OTHER), false), [KEY, OTHER.verifier])


def test_the_last_empty_line_parts_text_and_signatures() -> None:
    opened = open_note(sign("one\n\ntwo\n", OTHER), [OTHER.verifier])
    assert opened.text == "one\n\ntwo\n"


@pytest.mark.parametrize("text", ["no newline", "a tab\t\n", "a return\r\n", "nothing\0\n"])
def test_texts_that_no_note_has_are_not_signed(text: str) -> None:
    with pytest.raises(Malformed):
        sign(text, OTHER)


def test_notes_of_no_end_are_refused() -> None:
    line = NOTE[NOTE.index("—".encode()) :]
    for endless in (NOTE + line * 100, b"x" * 1_000_001 + NOTE):
        with pytest.raises(Malformed):
            open_note(endless, [KEY])


@pytest.mark.parametrize(
    "vkey",
    [
        KEY.vkey() + "\n",
        " " + KEY.vkey(),
        KEY.vkey().replace("example", "exampel"),
        KEY.vkey().upper(),
        KEY.vkey()[:-4],
        f"{ORIGIN}+{key_id(ORIGIN, 2, KEY.public).hex()}+{based(bytes([2]) + KEY.public)}",
        "+" + KEY.vkey().partition("+")[2],
        "",
        LOG.signer.skey(),
    ],
)
def test_public_keys_that_are_not_exactly_so_are_refused(vkey: str) -> None:
    with pytest.raises(Malformed):
        Verifier.parse(vkey)


def test_keys_are_read_as_they_were_written_and_never_shown() -> None:
    assert Verifier.parse(KEY.vkey()) == KEY
    assert Signer.parse(LOG.signer.skey()) == LOG.signer
    assert repr(LOG.signer) == f"Signer('{ORIGIN}')"
    for name in ("", "with space", "with+plus", "with\u2003space", "line\n"):
        with pytest.raises(Malformed, match="not a key name"):
            Signer(name, b"s" * 32)


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n077\n{ROOT}\n",
        f"{ORIGIN}\n+77\n{ROOT}\n",
        f"{ORIGIN}\n-77\n{ROOT}\n",
        f"{ORIGIN}\n 77\n{ROOT}\n",
        f"{ORIGIN}\n7_7\n{ROOT}\n",
        f"{ORIGIN}\n٧٧\n{ROOT}\n",
        f"{ORIGIN}\n77.0\n{ROOT}\n",
        f"{ORIGIN}\n\n{ROOT}\n",
        f"{ORIGIN}\n{LARGEST + 1}\n{ROOT}\n",
        f"{ORIGIN}\n{'9' * 5_000}\n{ROOT}\n",
        f"{ORIGIN}\n77\n{ROOT}",
        f"{ORIGIN}\n77\n{ROOT}\n\n",
        f"{ORIGIN}\n77\n{ROOT}\nextension",
        f"{ORIGIN}\n77\n{ROOT}\nextension\n\n",
        f"{ORIGIN}\n77\n{ROOT[:-1]}\n",
        f"{ORIGIN}\n77\n{ROOT[:-2]}F=\n",
        f"{ORIGIN}\n77\n{based(b'x' * 31)}\n",
        f"{ORIGIN}\n77\n{based(b'x' * 33)}\n",
        f"{ORIGIN}\n77\n",
        f"\n77\n{ROOT}\n",
        "",
    ],
)
def test_texts_that_are_not_exactly_a_checkpoint_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    for checkpoint in (
        LOG.checkpoint(0),
        LOG.checkpoint(77),
        Checkpoint("a b", LARGEST, b"r" * 32, ("x", "y")),
    ):
        assert Checkpoint.parse(checkpoint.text()) == checkpoint
