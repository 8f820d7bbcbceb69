"""Any log: every proof made verifies, and nothing else does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.ledger.formats.merkle import (
    EMPTY_ROOT,
    ProofError,
    Tree,
    consistency_proof,
    inclusion_proof,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.audit.ledger_formats.logs import Log, flipped, log_of

LOG = log_of(300)
SMALL = 40


def test_every_leaf_of_every_small_tree_is_proved_and_every_other_place_refused() -> None:
    for size in range(1, SMALL):
        root = root_of(LOG.leaves[:size])
        for index in range(size):
            proof = inclusion_proof(LOG.hashes, index, size)
            verify_inclusion(index, size, LOG.leaves[index], proof, root)
            with pytest.raises(ProofError):
                verify_inclusion((index + 1) % size if size > 1 else 1, size, LOG.leaves[index], proof, root)


def test_every_small_tree_begins_every_larger_one() -> None:
    for new in range(1, SMALL):
        for old in range(1, new + 1):
            proof = consistency_proof(LOG.hashes, old, new)
            verify_consistency(old, new, proof, root_of(LOG.leaves[:old]), root_of(LOG.leaves[:new]))


@settings(max_examples=60)
@given(st.data())
def test_one_flipped_bit_of_an_inclusion_proof_is_noticed(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    parts = [LOG.leaves[index], root_at(LOG.hashes, size), *inclusion_proof(LOG.hashes, index, size)]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = flipped(parts[at], data.draw(st.integers(0, 255)))
    leaf, root, *proof = parts
    with pytest.raises(ProofError):
        verify_inclusion(index, size, leaf, proof, root)


@settings(max_examples=60)
@given(st.data())
def test_one_flipped_bit_of_a_consistency_proof_is_noticed(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    parts = [root_at(LOG.hashes, old), root_at(LOG.hashes, new), *consistency_proof(LOG.hashes, old, new)]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = flipped(parts[at], data.draw(st.integers(0, 255)))
    first, second, *proof = parts
    with pytest.raises(ProofError):
        verify_consistency(old, new, proof, first, second)


@settings(max_examples=60)
@given(st.data())
def test_a_proof_with_a_hash_more_or_less_is_refused(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 300))
    old = data.draw(st.integers(1, new - 1))
    first, second = root_at(LOG.hashes, old), root_at(LOG.hashes, new)
    for changed in changed_in_length(inclusion_proof(LOG.hashes, old, new), data):
        with pytest.raises(ProofError):
            verify_inclusion(old, new, LOG.leaves[old], changed, second)
    for changed in changed_in_length(consistency_proof(LOG.hashes, old, new), data):
        with pytest.raises(ProofError):
            verify_consistency(old, new, changed, first, second)


def changed_in_length(proof: list[bytes], data: st.DataObject) -> tuple[list[bytes], list[bytes]]:
    """One hash less, and one twice."""
    at = data.draw(st.integers(0, len(proof) - 1))
    return proof[:at] + proof[at + 1 :], proof[:at] + proof[at : at + 1] * 2 + proof[at + 1 :]


@settings(max_examples=60)
@given(st.integers(1, 200), st.integers(1, 99), st.data())
def test_no_proof_leads_from_one_history_to_another(old: int, more: int, data: st.DataObject) -> None:
    forked = Log(old + more, forked=data.draw(st.integers(0, old - 1)))
    proof = consistency_proof(forked.hashes, old, old + more)
    with pytest.raises(ProofError):
        verify_consistency(
            old, old + more, proof, root_of(LOG.leaves[:old]), root_at(forked.hashes, old + more)
        )


@settings(max_examples=60)
@given(st.integers(0, 300), st.integers(0, 300))
def test_a_tree_grown_leaf_by_leaf_has_the_roots_of_its_sizes(kept: int, size: int) -> None:
    tree = Tree.at(LOG.hashes, min(kept, size))
    for leaf in LOG.leaves[tree.size : size]:
        tree.append(leaf)
    assert tree.root() == root_of(LOG.leaves[:size]) == root_at(LOG.hashes, size)
    assert Tree(tree.size, tree.peaks).root() == tree.root()


def test_nothing_is_proved_about_the_empty_tree() -> None:
    assert Tree().root() == root_of([]) == EMPTY_ROOT
    assert consistency_proof(LOG.hashes, 0, 5) == []
    with pytest.raises(ProofError, match="from a tree of 0"):
        verify_consistency(0, 5, [], EMPTY_ROOT, root_at(LOG.hashes, 5))


def test_proofs_of_what_is_not_there_are_not_made() -> None:
    for index, size in ((5, 5), (-1, 5), (0, 0)):
        with pytest.raises(ValueError, match="there is no leaf"):
            inclusion_proof(LOG.hashes, index, size)
    with pytest.raises(ValueError, match="does not begin"):
        consistency_proof(LOG.hashes, 6, 5)


def test_hashes_of_another_length_are_refused() -> None:
    proof = inclusion_proof(LOG.hashes, 1, 4)
    for wrong in ([proof[0][:31], proof[1]], [proof[0] + b"\0", proof[1]]):
        with pytest.raises(ProofError, match="32 bytes"):
            verify_inclusion(1, 4, LOG.leaves[1], wrong, root_at(LOG.hashes, 4))


def test_a_proof_is_exactly_as_long_as_its_place_says() -> None:
    root, inclusion = root_at(LOG.hashes, 8), inclusion_proof(LOG.hashes, 3, 8)
    consistency = consistency_proof(LOG.hashes, 3, 8)
    for change, why in ((inclusion[:-1], "too short"), ([*inclusion, root], "too long")):
        with pytest.raises(ProofError, match=why):
            verify_inclusion(3, 8, LOG.leaves[3], change, root)
    for change, why in ((consistency[:-1], "too short"), ([*consistency, root], "too long")):
        with pytest.raises(ProofError, match=why):
            verify_consistency(3, 8, change, root_at(LOG.hashes, 3), root)
