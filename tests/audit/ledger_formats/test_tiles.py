"""Tiles and bundles of entries: names, contents, and every proof from them alone."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit.ledger.formats.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from services.audit.ledger.formats.tiles import (
    ENTRIES,
    Tile,
    TileError,
    TileReader,
    decode_entries,
    encode_entries,
    entries_path,
    grow,
    tile_path,
    tiles_after,
)
from tests.audit.ledger_formats.logs import NOTHING, log_of

LOG = log_of(300)
LARGE = 70_000


@cache
def large_leaves() -> list[bytes]:
    return [leaf_hash(b"entry %d" % at) for at in range(LARGE)]


@cache
def large_tiles() -> dict[str, bytes]:
    return grow(NOTHING.__getitem__, 0, large_leaves())


def test_a_log_of_70_000_has_the_tiles_that_the_standard_counts() -> None:
    tiles = {Tile.parse(path): len(data) // 32 for path, data in large_tiles().items()}
    assert all(tile.width == width for tile, width in tiles.items())
    counted = [[tile.width for tile in tiles if tile.level == level] for level in range(3)]
    assert [sum(width == 256 for width in widths) for widths in counted] == [273, 1, 0]
    assert [[width for width in widths if width < 256] for widths in counted] == [[112], [17], [1]]
    assert large_tiles()[tile_path(2, 0, 1)] == root_of(large_leaves()[: 256 * 256])


def test_proofs_from_the_tiles_of_a_large_log_verify() -> None:
    reader = TileReader(large_tiles().__getitem__, LARGE)
    root = root_of(large_leaves())
    assert reader.root() == root
    for index in (0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, LARGE - 1):
        verify_inclusion(index, LARGE, large_leaves()[index], inclusion_proof(reader, index, LARGE), root)
    for old in (1, 255, 256, 257, 65_535, 65_536, 65_537, 69_888, LARGE - 1):
        proof = consistency_proof(reader, old, LARGE)
        verify_consistency(old, LARGE, proof, root_of(large_leaves()[:old]), root)


def test_a_log_that_grew_in_steps_has_the_tiles_of_one_that_grew_at_once() -> None:
    grown: dict[str, bytes] = {}
    steps = [0, 1, 255, 256, 300, 512, 1_000, 65_535, 65_536, 65_600, LARGE]
    for old, new in pairwise(steps):
        more = grow(grown.__getitem__, old, large_leaves()[old:new])
        assert list(map(str, more)) == [tile.path for tile in tiles_after(old, new)]
        grown |= more
    assert {path: data for path, data in grown.items() if path in large_tiles()} == large_tiles()


@given(st.data())
def test_proofs_from_tiles_are_those_from_the_leaves(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    reader = TileReader(grow(NOTHING.__getitem__, 0, LOG.leaves[:size]).__getitem__, size, kept=1)
    assert inclusion_proof(reader, index, size) == inclusion_proof(LOG.hashes, index, size)
    assert consistency_proof(reader, old, size) == consistency_proof(LOG.hashes, old, size)
    assert root_at(reader, old) == root_of(LOG.leaves[:old])


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_tiles_after_are_those_that_growing_makes(one: int, other: int) -> None:
    old, new = sorted((one, other))
    before = grow(NOTHING.__getitem__, 0, LOG.leaves[:old])
    made = grow(before.__getitem__, old, LOG.leaves[old:new])
    assert set(made) == {tile.path for tile in tiles_after(old, new)}


def test_a_full_tile_stands_for_a_partial_one_that_is_gone() -> None:
    full = {"tile/0/000": b"".join(LOG.leaves[:256])}
    reader = TileReader(lambda path: full[path.partition(".p/")[0]], 200)
    assert reader.root() == root_of(LOG.leaves[:200])


def test_what_a_smaller_log_does_not_have_is_not_read() -> None:
    reader = TileReader(grow(NOTHING.__getitem__, 0, LOG.leaves[:5]).__getitem__, 5)
    for level, index in ((0, 5), (2, 1), (3, 0), (0, -1)):
        with pytest.raises(ValueError, match="no complete subtree"):
            reader(level, index)


@pytest.mark.parametrize("data", [b"", b"\0" * 31, b"\0" * 33, b"\0" * 96])
def test_a_tile_of_another_width_is_refused(data: bytes) -> None:
    with pytest.raises(TileError, match="2 hashes"):
        TileReader(lambda path: data, 2).root()


def test_paths_are_those_of_the_standard() -> None:
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path(63, 0, 1) == "tile/63/000.p/1"
    assert tile_path(0, 1_067, 5) == "tile/0/x001/067.p/5"
    assert entries_path(999) == "tile/entries/999"
    assert entries_path(1_000, 255) == "tile/entries/x001/000.p/255"


@given(st.integers(ENTRIES, 63), st.integers(0, 2**55), st.integers(1, 256))
def test_a_path_is_read_as_it_was_written(level: int, n: int, width: int) -> None:
    assert Tile.parse(Tile(level, n, width).path) == Tile(level, n, width)


MISSPELT = """
    tile/00/000 tile/64/000 tile/0/0 tile/0/x000/000 tile/0/001/000 tile/0/000.p/0 tile/0/000.p/256 tile/0/000.p/05
    tile/0/000.p/ tile/0/x001/x234 tile/0/٣٣٣ /tile/0/000 tile/-1/000 tile/0/../000 tile/entries/000.p/1/
"""


@pytest.mark.parametrize("path", MISSPELT.split())
def test_other_spellings_of_a_path_are_refused(path: str) -> None:
    with pytest.raises(TileError, match="not the path"):
        Tile.parse(path)


def test_a_path_does_not_go_on_for_ever() -> None:
    for path in ("tile/0/" + "x001/" * 9 + "000", "tile/0/000\n"):
        with pytest.raises(TileError, match="not the path"):
            Tile.parse(path)


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert decode_entries(encode_entries(entries)) == entries


def test_bundles_that_are_cut_or_too_long_are_refused() -> None:
    whole = encode_entries([b"one", b"", b"three"])
    for end in range(1, len(whole)):
        if end not in (5, 7):  # between two entries it is another whole bundle
            with pytest.raises(TileError, match="cut"):
                decode_entries(whole[:end])
    with pytest.raises(TileError, match="too long"):
        decode_entries(encode_entries([b"x"] * 257))
    with pytest.raises(TileError, match="65,535"):
        encode_entries([b"x" * 65_536])
