"""Whatever is done to a bundle's bytes: never a pass in silence, never a traceback."""

import io
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.bundle.archive import every
from services.audit.bundle.manifest import Manifest
from services.audit.bundle.pieces import decode_leaves, encode_leaves
from services.audit.bundle.verify import verify
from services.audit.ledger.formats.findings import EXIT_CODES
from tests.audit.bundle.judging import rewritten
from tests.audit.bundle.made import ledger_of


@cache
def bundle() -> bytes:
    return ledger_of(12).bundle(pin=5)


@cache
def child_bundle() -> bytes:
    return ledger_of(12).child_bundle(chosen=[2, 7, 11])


@cache
def names() -> list[str]:
    return [name for name, _ in every(io.BytesIO(bundle()))]


def code(changed: bytes) -> int:
    return verify(io.BytesIO(changed)).exit_code


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_no_changed_byte_passes(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([bundle(), child_bundle()]))
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    assert code(bytes(changed)) in EXIT_CODES.values()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_cut_and_no_repetition_passes(data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(bundle())), st.integers(0, len(bundle())))))
    without, twice = bundle()[:start] + bundle()[end:], bundle()[:end] + bundle()[start:]
    for changed in (without, twice):
        assert changed == bundle() or code(changed) in EXIT_CODES.values()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_an_entry_of_any_content_raises_nothing(data: st.DataObject) -> None:
    """With a digest that fits: what whoever made the bundle could have written."""
    name = data.draw(st.sampled_from(names()))
    was = dict(every(io.BytesIO(bundle())))[name]
    cut = data.draw(st.integers(0, len(was)))
    content = was[:cut] + data.draw(st.binary(max_size=40)) + was[cut + data.draw(st.integers(0, 8)) :]
    assert code(rewritten(bundle(), name, content)) in {0, *EXIT_CODES.values()}


@given(st.binary(max_size=3_000))
@settings(max_examples=100, deadline=None)
def test_noise_is_no_bundle(noise: bytes) -> None:
    assert code(noise) == 21


def test_a_manifest_and_leaves_come_back_as_they_were() -> None:
    found = dict(every(io.BytesIO(child_bundle())))
    assert Manifest.decode(found["manifest.json"]).encode() == found["manifest.json"]
    leaves = found["leaves/000"]
    told = decode_leaves("leaves/000", leaves)
    assert [index for index, _ in told] == [2, 7, 11]
    assert b"".join(b"%d\n%b\n" % one for one in told) == leaves
    assert encode_leaves(()) == b""
