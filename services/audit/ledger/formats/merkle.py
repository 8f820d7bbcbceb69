"""Merkle trees of RFC 6962: roots, inclusion proofs and consistency proofs, made and verified."""

import hashlib
from collections.abc import Callable, Iterator, Sequence

Hashes = Callable[[int, int], bytes]
"""`hashes(level, index)`: the root of the complete subtree over leaves [index << level, (index + 1) << level)."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


class ProofError(ValueError):
    """A proof does not prove what it is said to prove."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    row = list(hashes)
    if not row:
        return EMPTY_ROOT
    sha256 = hashlib.sha256
    while len(row) > 1:
        odd = [row[-1]] if len(row) % 2 else []  # alone at the right edge: goes up as it is
        row = [sha256(b"\x01" + row[at] + row[at + 1]).digest() for at in range(0, len(row) - 1, 2)] + odd
    return row[0]


class Tree:
    """A tree that only grows, known by the roots of its complete subtrees (at most 63 hashes)."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size < 0 or len(peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves is {size.bit_count()} complete subtrees")
        self.size = size
        self._peaks = list(peaks)

    @classmethod
    def at(cls, hashes: Hashes, size: int) -> "Tree":
        """The tree of a log whose hashes are kept elsewhere, for instance in tiles."""
        return cls(size, [hashes(level, index) for level, index in subtrees(0, size)])

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The complete subtrees' roots, the largest first: what `Tree(size, peaks)` takes."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Adds the hash of one leaf."""
        size, peaks = self.size, self._peaks
        while size & 1:
            leaf = hashlib.sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        return _folded(self._peaks) if self._peaks else EMPTY_ROOT


def subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees (level, index) that make up the leaves [start, end) of a node of the tree."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def root_at(hashes: Hashes, size: int) -> bytes:
    """The root of the log's first `size` leaves."""
    return _range(hashes, 0, size) if size else EMPTY_ROOT


def inclusion_proof(hashes: Hashes, index: int, size: int) -> list[bytes]:
    """That leaf `index` is in the tree of `size`: hashes from the leaf's sibling up to the root's child."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    proof, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range(hashes, middle, end))
            end = middle
        else:
            proof.append(_range(hashes, start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(hashes: Hashes, old: int, new: int) -> list[bytes]:
    """That the tree of `old` is the beginning of the tree of `new`; empty from size 0 and to the same size."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not begin with one of {old}")
    if old in (0, new):
        return []
    proof, start, end = [], 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_range(hashes, middle, end))
            end = middle
        else:
            proof.append(_range(hashes, start, middle))
            start = middle
    if start:  # from the left edge the verifier has this hash already: it is the old root
        proof.append(_range(hashes, start, end))
    return proof[::-1]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofError unless the leaf's hash is at `index` in the tree of this size and root (RFC 9162, 2.1.3.2)."""
    _whole([leaf, root, *proof])
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}")
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError("the inclusion proof is too long")
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the inclusion proof is too short")
    if found != root:
        raise ProofError(f"leaf {index} is not in the tree of {size} with this root")


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises ProofError unless the first tree is the beginning of the second (RFC 9162, 2.1.4.2).

    Everything begins with the empty tree, so `old` 0 says nothing and is refused; who means it says so beforehand.
    """
    if not 0 < old <= new:
        raise ProofError(f"no proof leads from a tree of {old} to one of {new}")
    if old == new:
        if proof or old_root != new_root:
            raise ProofError(f"two roots of one size, {old}" if not proof else "a proof between equal sizes")
        return
    _whole([old_root, new_root, *proof])
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise ProofError("the consistency proof is empty")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("the consistency proof is too long")
        if at & 1 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the consistency proof is too short")
    if first != old_root or second != new_root:
        raise ProofError(f"the tree of {new} does not begin with that of {old}")


def _split(size: int) -> int:
    """The largest power of two below `size`: where RFC 6962 parts a tree."""
    return 1 << (size - 1).bit_length() - 1


def _range(hashes: Hashes, start: int, end: int) -> bytes:
    return _folded([hashes(level, index) for level, index in subtrees(start, end)])


def _folded(peaks: Sequence[bytes]) -> bytes:
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node_hash(peak, found)
    return found


def _whole(hashes: Sequence[bytes]) -> None:
    if any(len(each) != 32 for each in hashes):
        raise ProofError("a hash does not have 32 bytes")
