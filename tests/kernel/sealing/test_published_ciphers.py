"""The ciphers that fields are sealed and keys are wrapped with, against Wycheproof's vectors."""

from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from shared.kernel.sealing.cipher import hkdf
from tests.support.vectors import wycheproof

Case = dict[str, Any]


def test_hkdf_gives_what_is_published() -> None:
    cases = [case for _, case in wycheproof("hkdf_sha256_test.json")]
    for case in cases:
        secret, salt, info = (bytes.fromhex(case[name]) for name in ("ikm", "salt", "info"))
        if case["result"] == "valid":
            assert hkdf(secret, salt, info, case["size"]) == bytes.fromhex(case["okm"]), case["tcId"]
        else:
            with pytest.raises(ValueError, match="larger than 8160"):
                hkdf(secret, salt, info, case["size"])
    assert len(cases) == 86


def test_gcm_opens_what_is_published_and_nothing_else() -> None:
    cases = [case for _, case in wycheproof("aes_gcm_test.json")]
    seen = {_gcm(case) for case in cases}
    assert seen == {True, False}
    assert len(cases) == 316


def _gcm(case: Case) -> bool:
    key, nonce, bound, plain, sealed, tag = (
        bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")
    )
    if case["result"] == "valid" and 8 <= len(nonce) <= 128:
        assert AESGCM(key).encrypt(nonce, plain, bound) == sealed + tag, case["tcId"]
        assert AESGCM(key).decrypt(nonce, sealed + tag, bound) == plain
        return True
    with pytest.raises((InvalidTag, ValueError)):
        AESGCM(key).decrypt(nonce, sealed + tag, bound)
    return False


def test_key_wrapping_gives_what_is_published_and_unwraps_nothing_else() -> None:
    cases = [case for _, case in wycheproof("aes_kwp_test.json")]
    seen = {_kwp(case) for case in cases}
    assert seen == {True, False}
    assert len(cases) == 254


def _kwp(case: Case) -> bool:
    key, plain, wrapped = (bytes.fromhex(case[name]) for name in ("key", "msg", "ct"))
    if case["result"] == "valid":
        assert aes_key_wrap_with_padding(key, plain) == wrapped, case["tcId"]
        assert aes_key_unwrap_with_padding(key, wrapped) == plain
        return True
    if case["result"] == "invalid":
        with pytest.raises((InvalidUnwrap, ValueError)):
            aes_key_unwrap_with_padding(key, wrapped)
    return False
