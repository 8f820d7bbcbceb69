"""Numbers, base64 and text: one spelling each, and bounded before they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit.ledger.formats.exact import LARGEST, Malformed, b64, decimal, hash_line, text_of, unbase64


@given(st.integers(0, LARGEST))
def test_a_number_is_read_as_python_writes_it(number: int) -> None:
    assert decimal(str(number)) == number


@pytest.mark.parametrize(
    "text", ["", "00", "01", "-0", "+1", " 1", "1 ", "1\n", "1_0", "1e3", "0x1", "１", "²", "1.0"]
)
def test_other_spellings_of_numbers_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        decimal(text)


def test_numbers_beyond_what_others_hold_are_refused() -> None:
    assert decimal(str(LARGEST)) == LARGEST
    for text in (str(LARGEST + 1), "9" * 19, "1" + "0" * 100_000):
        with pytest.raises(Malformed):
            decimal(text)


@given(st.binary())
def test_bytes_are_read_as_they_were_written(data: bytes) -> None:
    assert unbase64(b64(data)) == data


@pytest.mark.parametrize(
    "text", ["AA", "AA=", "AB==", "AAB=", "A===", "AA==\n", " AA==", "AA= =", "AA==AA==", "-_==", "ÄA=="]
)
def test_other_spellings_of_bytes_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        unbase64(text)


def test_a_hash_has_32_bytes() -> None:
    assert hash_line(b64(b"h" * 32)) == b"h" * 32
    for length in (0, 31, 33, 64):
        with pytest.raises(Malformed, match="32 bytes"):
            hash_line(b64(b"h" * length))


def test_text_is_utf_8_within_bounds_and_without_control_characters() -> None:
    assert text_of("é\n".encode(), 3) == "é\n"
    for data, limit in (
        (b"abcd", 3),
        (b"\xff", 3),
        (b"\xc0\x80", 3),
        (b"\r\n", 3),
        (b"a\0", 3),
        (b"\xed\xa0\x80", 3),
    ):
        with pytest.raises(Malformed):
            text_of(data, limit)
