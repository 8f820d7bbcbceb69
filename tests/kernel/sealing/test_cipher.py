"""One sealed field: opened in its place with its key, and in no other way."""

from base64 import urlsafe_b64decode
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.words.privacy import RETENTION_CLASSES, RetentionClass
from shared.kernel.sealing.cipher import Place, SealBroken, is_sealed, open_field, read_sealed, seal_field

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
PLACE = Place(UUID("01928d3e-5c00-7000-8000-000000000001"), "assignments.ChildAccepted.v1", "name")


@settings(max_examples=60)
@given(
    key=st.binary(min_size=32, max_size=32),
    event=st.uuids(),
    path=st.from_regex(r"[a-z_]{1,20}", fullmatch=True),
    keep=st.sampled_from(RETENTION_CLASSES),
    plain=st.binary(min_size=1, max_size=300).filter(lambda found: not found.endswith(b" ")),
)
def test_what_was_sealed_opens_again(
    key: bytes, event: UUID, path: str, keep: RetentionClass, plain: bytes
) -> None:
    place = Place(event, "sessions.SessionLogged.v1", path)
    text = seal_field(key, place, keep, plain)
    assert is_sealed(text)
    opened = open_field(key, place, text)
    assert opened.rstrip(b" ") == plain
    assert len(opened) % 32 == 0
    assert read_sealed(text).keep == keep


@settings(max_examples=60)
@given(place=st.integers(0, 10_000), sign=st.sampled_from("Ab0_-=: \u00e9"))
def test_a_text_of_which_one_sign_is_another_does_not_open(place: int, sign: str) -> None:
    text = seal_field(KEY, PLACE, "profile", b'"Ada Hartley"')
    at = place % len(text)
    if text[at] == sign:
        return
    altered = text[:at] + sign + text[at + 1 :]
    with pytest.raises(SealBroken):
        open_field(KEY, PLACE, altered)


@pytest.mark.parametrize(
    "place",
    [PLACE._replace(event_id=uuid4()), PLACE._replace(topic="x.Y.v1"), PLACE._replace(path="birth_date")],
)
def test_a_field_does_not_open_anywhere_else(place: Place) -> None:
    with pytest.raises(SealBroken):
        open_field(KEY, place, seal_field(KEY, PLACE, "profile", b"null"))


def test_another_key_is_refused_by_the_commitment_before_anything_is_decrypted() -> None:
    with pytest.raises(SealBroken, match="another key"):
        open_field(OTHER, PLACE, seal_field(KEY, PLACE, "profile", b"null"))


def test_a_commitment_of_the_other_key_does_not_make_it_open() -> None:
    mine, other = (seal_field(key, PLACE, "profile", b"null").split(":") for key in (KEY, OTHER))
    with pytest.raises(SealBroken, match="altered"):
        open_field(OTHER, PLACE, ":".join([*mine[:3], other[3], mine[4]]))


def test_the_length_tells_only_the_block() -> None:
    lengths = {len(seal_field(KEY, PLACE, "profile", b"x" * n)) for n in range(1, 33)}
    assert len(lengths) == 1
    assert lengths != {len(seal_field(KEY, PLACE, "profile", b"x" * 33))}


def test_the_written_form_is_as_documented_and_stays() -> None:
    text = seal_field(KEY, PLACE, "profile", b'"Ada Hartley"')
    assert text == (
        "sealed:v1:profile:f_MQPwv-1ImXuRJh3cwU9QKUgCZZMzuNkOhX-E5p0Vw"
        ":LkE7ER69UVuU5P-MvGgw-BMPI6RCDWH2H0NERmxecd7YK9yWFaNrtP64yFAH6NTH"
    )
    commitment, ciphertext = (urlsafe_b64decode(part + "==") for part in text.split(":")[3:])
    assert (len(commitment), len(ciphertext)) == (32, 32 + 16)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sealed:",
        "sealed:v2:profile:x:y",
        "sealed:v1:nothing:" + "A" * 43 + ":" + "A" * 64,
        "sealed:v1:profile:" + "A" * 42 + ":" + "A" * 64,
        "sealed:v1:profile:" + "A" * 42 + "B:" + "A" * 64,
        "sealed:v1:profile:" + "A" * 43 + ":" + "A" * 22,
        "sealed:v1:profile:" + "A" * 43 + ":" + "A" * 64 + ":",
        "sealed:v1:profile:" + "A" * 43 + "=:" + "A" * 64,
    ],
)
def test_what_is_no_sealed_field_is_broken(text: str) -> None:
    with pytest.raises(SealBroken):
        open_field(KEY, PLACE, text)


def test_a_short_key_seals_nothing() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal_field(b"short", PLACE, "profile", b"null")
