"""Cosignatures, policies and proof files: what shows, offline, that others have seen an entry."""

import pytest

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.cosignature import (
    CosignatureError,
    Witness,
    cosign,
    cosigned,
    seconds_of,
    time_of,
)
from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.merkle import ProofError, inclusion_proof
from services.audit.ledger.formats.note import (
    NoteError,
    Signature,
    Signer,
    Unsigned,
    open_note,
    sign,
    with_signatures,
)
from services.audit.ledger.formats.policy import NoQuorum, Policy, PolicyError
from services.audit.ledger.formats.proof import Proof
from tests.audit.ledger_formats.logs import ORIGIN, based, each_byte_flipped, log_of, witness_key

LOG = log_of(300)
TEXT = LOG.checkpoint(77).text()
KEYS = [witness_key(number) for number in range(3)]
KNOWN = f"log {LOG.signer.vkey()}\n" + "".join(
    f"witness w{at} {key.vkey()} https://w{at}.example\n" for at, key in enumerate(KEYS)
)
TWO_OF_THREE = Policy.parse(f"{KNOWN}group some 2 w0 w1 w2\nquorum some\n")
ALL = Policy.parse(f"{KNOWN}group some all w0 w1 w2\nquorum some\n")


def cosigned_by(*numbers: int, size: int = 77) -> bytes:
    text = LOG.checkpoint(size).text()
    lines = [cosign(text, KEYS[at].name, KEYS[at].seed, 1_000 + at) for at in numbers]
    return with_signatures(LOG.note(size), lines)


def test_a_cosignature_says_when_and_is_verified_with_its_time() -> None:
    line = cosign(TEXT, KEYS[0].name, KEYS[0].seed, 1_679_315_147)
    witness = Witness.parse(KEYS[0].vkey())
    assert witness.verify(TEXT.encode(), line.signature)
    assert seconds_of(line) == 1_679_315_147
    assert time_of(line).isoformat() == "2023-03-20T12:25:47+00:00"
    assert cosigned(b"text\n", 5) == b"cosignature/v1\ntime 5\ntext\n"
    later = (1_679_315_148).to_bytes(8, "big") + line.signature[8:]
    assert not witness.verify(TEXT.encode(), later)
    assert not witness.verify(TEXT.encode(), line.signature[8:])
    beyond = (2**63).to_bytes(8, "big") + KEYS[0].sign(cosigned(TEXT.encode(), 2**63))
    assert not witness.verify(TEXT.encode(), beyond)


def test_times_that_do_not_exist_are_refused() -> None:
    for at in (0, -1, 2**63):
        with pytest.raises(CosignatureError):
            cosign(TEXT, KEYS[0].name, KEYS[0].seed, at)
    with pytest.raises(CosignatureError, match="calendar"):
        time_of(cosign(TEXT, KEYS[0].name, KEYS[0].seed, 2**62))
    with pytest.raises(CosignatureError, match="not a cosignature"):
        seconds_of(Signature("log", b"1234", b"x" * 64))


def test_a_plain_key_is_no_witness() -> None:
    with pytest.raises(CosignatureError, match="type 4"):
        Witness.parse(LOG.signer.vkey())


def test_enough_witnesses_satisfy_a_policy_and_fewer_do_not() -> None:
    few: tuple[tuple[int, ...], ...] = ((), (0,), (2,), (1, 1))
    enough: tuple[tuple[int, ...], ...] = ((0, 1), (2, 0), (0, 1, 2))
    for numbers in few:
        with pytest.raises(NoQuorum):
            TWO_OF_THREE.satisfied_by(cosigned_by(*numbers))
    for numbers in enough:
        found = TWO_OF_THREE.satisfied_by(cosigned_by(*numbers))
        assert found.checkpoint == LOG.checkpoint(77)
        assert found.cosigners == {f"w{at}": 1_000 + at for at in numbers}
        assert found.witnessed_at == 1_000 + sorted(numbers)[1]


def test_one_changed_bit_of_what_a_policy_needs_is_noticed() -> None:
    note = cosigned_by(0, 1, 2)
    ALL.satisfied_by(note)
    for changed in each_byte_flipped(note):
        with pytest.raises(Malformed):
            ALL.satisfied_by(changed)


def test_cosignatures_of_another_checkpoint_do_not_count() -> None:
    other = open_note(cosigned_by(0, 1, size=76), [LOG.signer.verifier]).unverified
    with pytest.raises(NoteError, match="is false"):
        TWO_OF_THREE.satisfied_by(with_signatures(LOG.note(77), other))


def test_witnesses_do_not_stand_for_the_log() -> None:
    stranger = Signer("stranger.example", b"s" * 32)
    lines = [cosign(TEXT, key.name, key.seed, 5) for key in KEYS]
    with pytest.raises(Unsigned, match="no log"):
        TWO_OF_THREE.satisfied_by(with_signatures(sign(TEXT, stranger), lines))


def test_a_log_does_not_sign_for_another_log() -> None:
    another = Signer("another.example", b"a" * 32)
    policy = Policy.parse(f"log {LOG.signer.vkey()}\nlog {another.vkey()}\nquorum none\n")
    assert policy.satisfied_by(LOG.note(77)).witnessed_at is None
    with pytest.raises(Unsigned, match="no log"):
        policy.satisfied_by(sign(TEXT, another))


def test_groups_of_groups_are_counted_as_they_say() -> None:
    policy = Policy.parse(
        f"{KNOWN}\n  # ours and theirs\n\tgroup theirs any w1 w2\t\ngroup both all w0 theirs\nquorum both"
        "\nlog " + Signer("b.example", b"b" * 32).vkey() + " https://b.example\n"
    )
    assert policy.holds({"w0", "w2"})
    assert policy.holds({"w0", "w1"})
    assert not policy.holds({"w0"})
    assert not policy.holds({"w1", "w2"})
    assert policy.witnesses["w1"].url == "https://w1.example"
    assert Policy.parse("quorum none\n").holds(set())


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("", "has a quorum line"),
        ("quorum none\nquorum none\n", "line 6: cannot be understood"),
        ("quorum w3\n", "w3 is not defined"),
        ("quorum w0", "newline"),
        ("group g 4 w0 w1 w2\n", "4 of 3"),
        ("group g 0 w0\n", "0 of 1"),
        ("group g 02 w0 w1\n", "canonical"),
        ("group g most w0 w1\n", "canonical"),
        ("group g 1\n", "cannot be understood"),
        ("group g 2 w0 w0\n", "member already"),
        ("group g any w0\ngroup h any w0\n", "member already"),
        ("group g any h\ngroup h any w0\n", "h is not defined"),
        ("group g any g\n", "g is not defined"),
        ("group g any none\n", "none is not defined"),
        ("group w0 any w1\n", "is taken"),
        ("group none any w1\n", "is taken"),
        (f"witness w0 {witness_key(9).vkey()}\n", "is taken"),
        (f"witness w9 {witness_key(1).vkey()}\n", "stands there already"),
        (f"witness w9 {Signer('other', KEYS[1].seed, 4).vkey()}\n", "stands there already"),
        (f"witness w9 {LOG.signer.vkey()}\n", "type 4"),
        (f"log {witness_key(9).vkey()}\n", "type 1"),
        (f"log {LOG.signer.vkey()}\n", "stands there already"),
        ("log nonsense\n", "line 5: not a vkey"),
        ("quorum\r\n", "control characters"),
        ("quorum none extra\n", "cannot be understood"),
        ("qourum none\n", "cannot be understood"),
    ],
)
def test_policies_that_are_not_exactly_so_are_refused(lines: str, why: str) -> None:
    with pytest.raises(PolicyError, match=why):
        Policy.parse(KNOWN + lines)


def proof_of(index: int, *, extra: bytes | None = None) -> Proof:
    return Proof(index, tuple(inclusion_proof(LOG.hashes, index, 77)), cosigned_by(0, 1, 2), extra)


def test_a_proof_file_shows_an_entry_and_no_other() -> None:
    proof = Proof.decode(proof_of(30, extra=b"\0where").encode())
    assert proof == proof_of(30, extra=b"\0where")
    assert proof.verify(LOG.entries[30], ALL).checkpoint == LOG.checkpoint(77)
    with pytest.raises(ProofError):
        proof.verify(LOG.entries[31], ALL)
    with pytest.raises(NoQuorum):
        Proof(30, proof.hashes, cosigned_by(0)).verify(LOG.entries[30], ALL)


def test_one_changed_bit_of_a_proof_file_is_noticed() -> None:
    for changed in each_byte_flipped(proof_of(30).encode()):
        with pytest.raises((Malformed, ProofError)):
            Proof.decode(changed).verify(LOG.entries[30], ALL)


def test_a_proof_file_is_laid_out_as_the_standard_says() -> None:
    head = [
        "c2sp.org/tlog-proof@v1",
        "extra AAE=",
        "index 30",
        *map(based, proof_of(30).hashes),
        "",
        ORIGIN,
        "77",
    ]
    assert proof_of(30, extra=b"\0\1").encode().decode().split("\n")[: len(head)] == head


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"index 30", b"index 030"),
        (b"index 30", b"index  30"),
        (b"index 30\n", b""),
        (b"proof@v1", b"proof@v2"),
        (b"index 30", b"extra AAF=\nindex 30"),
        (b"index 30", b"index 30\nAAAA"),
        (b"index 30", b"index 30" + (b"\n" + based(b"x" * 32).encode()) * 64),
        (b"\n77\n", b"\n077\n"),
    ],
)
def test_proof_files_that_are_not_exactly_so_are_refused(old: bytes, new: bytes) -> None:
    whole = proof_of(30).encode()
    with pytest.raises(Malformed):
        Proof.decode(whole.replace(old, new))


def test_a_checkpoint_with_extension_lines_is_cosigned_with_them() -> None:
    text = Checkpoint(ORIGIN, 77, LOG.checkpoint(77).root, ("extension",)).text()
    line = cosign(text, KEYS[0].name, KEYS[0].seed, 5)
    assert not Witness(KEYS[0].verifier).verify(TEXT.encode(), line.signature)
