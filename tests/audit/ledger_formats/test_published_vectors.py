"""What others published, verified by us, and made again byte for byte."""

from base64 import b64decode

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.merkle import (
    ProofError,
    Tree,
    leaf_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from services.audit.ledger.formats.note import Signer, Verifier, open_note, sign
from services.audit.ledger.formats.tiles import (
    TileReader,
    decode_entries,
    encode_entries,
    entries_path,
    grow,
    tiles_after,
)
from tests.audit.ledger_formats.logs import unbased
from tests.support.vectors import read, vectors, wycheproof


def accepts(verify: object, *arguments: object) -> bool:
    assert callable(verify)
    try:
        verify(*arguments)
    except ProofError:
        return False
    return True


def test_the_98_inclusion_cases_are_judged_as_published() -> None:
    files = sorted((vectors("merkle") / "inclusion").rglob("*.json"))
    for file in files:
        case = read(file)
        leaf, root = b64decode(case["leafHash"]), b64decode(case["root"])
        taken = accepts(
            verify_inclusion, case["leafIdx"], case["treeSize"], leaf, unbased(case["proof"]), root
        )
        assert taken is not case["wantErr"], f"{file.parent.name}/{file.name}: {case['desc']}"
    assert len(files) == 98


def test_the_98_consistency_cases_are_judged_as_published() -> None:
    files = sorted((vectors("merkle") / "consistency").rglob("*.json"))
    for file in files:
        case = read(file)
        roots = b64decode(case["root1"]), b64decode(case["root2"])
        taken = accepts(verify_consistency, case["size1"], case["size2"], unbased(case["proof"]), *roots)
        assert taken is not case["wantErr"], f"{file.parent.name}/{file.name}: {case['desc']}"
    assert len(files) == 98


def test_tesseras_log_is_made_again_byte_for_byte_from_its_entries() -> None:
    log = vectors("tessera") / "log"
    signer = Signer.parse(keys()["skey"])
    entries = decode_entries((log / entries_path(0, 15)).read_bytes())
    leaves, tree, made = [leaf_hash(each) for each in entries], Tree(), dict[str, bytes]()
    for size in range(16):
        assert sign(Checkpoint(signer.name, size, tree.root()).text(), signer) == (
            (log / f"checkpoint.{size}").read_bytes()
        )
        if size < 15:
            made |= grow(made.__getitem__, size, leaves[size : size + 1])
            made[entries_path(0, size + 1)] = encode_entries(entries[: size + 1])
            tree.append(leaves[size])
    published = {
        str(each.relative_to(log)): each.read_bytes() for each in (log / "tile").rglob("*") if each.is_file()
    }
    assert made == published
    assert (log / "checkpoint").read_bytes() == (log / "checkpoint.15").read_bytes()


def test_tesseras_checkpoints_open_with_its_key_and_its_tiles_have_their_roots() -> None:
    log = vectors("tessera") / "log"
    verifier = Verifier.parse(keys()["vkey"])
    for size in range(16):
        checkpoint = Checkpoint.parse(open_note((log / f"checkpoint.{size}").read_bytes(), [verifier]).text)
        reader = TileReader(lambda path: (log / path).read_bytes(), size)
        assert (checkpoint.size, checkpoint.root) == (size, root_at(reader, size))
        assert all((log / tile.path).exists() for tile in tiles_after(max(0, size - 1), size))


def test_tesseras_keys_are_written_as_they_were_read() -> None:
    signer = Signer.parse(keys()["skey"])
    assert (signer.skey(), signer.vkey()) == (keys()["skey"], keys()["vkey"])


def test_wycheproofs_ed25519_signatures_are_judged_as_published() -> None:
    cases = wycheproof("ed25519_test.json")
    for group, case in cases:
        verifier = Verifier("wycheproof", bytes.fromhex(group["publicKey"]["pk"]))
        taken = verifier.verify(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
        assert taken is (case["result"] == "valid"), f"case {case['tcId']}: {case['comment']} {case['flags']}"
    assert len(cases) == 151


def keys() -> dict[str, str]:
    lines = (vectors("tessera") / "keys.txt").read_text().splitlines()
    return {kind: key for kind, _, key in (line.partition(" ") for line in lines)}
