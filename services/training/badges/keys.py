"""The keys that credentials are signed with: the first signs, every one verifies, each under its own address."""

import hashlib
import hmac
import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from joserfc.jwk import ECKey, RSAKey

from services.training.agency import agency

Key = ECKey | RSAKey
# RS256 is what every verifier of Open Badges has to know, ES256 what wallets know best. EdDSA says too little of
# its curve and is deprecated (RFC 9864), and few know its successor yet.
_KINDS: Mapping[str, tuple[type[Any], str]] = {"EC": (ECKey, "ES256"), "RSA": (RSAKey, "RS256")}


class UnfitKeys(ValueError):
    """ALONGSIDE_BADGE_KEYS or ALONGSIDE_BADGE_KEYS_FILE is not what it should be; the message says why."""


@dataclass(frozen=True)
class Signing:
    """`secret` makes pseudonyms; `keys` by the address under which each can be fetched, the one that signs first."""

    secret: bytes
    keys: Mapping[str, Key]

    @property
    def signs_with(self) -> tuple[str, Key]:
        return next(iter(self.keys.items()))

    def pseudonym(self, *of: str) -> bytes:
        """Sixteen bytes that nobody else can make, the same each time."""
        return hmac.digest(self.secret, "\0".join(of).encode(), hashlib.sha256)[:16]


def algorithm(key: Key) -> str:
    """That of the key's kind: nobody who sends a credential chooses it."""
    return _KINDS[key.key_type][1]


def public(address: str, key: Key) -> dict[str, Any]:
    """The public half as a JWK, as others fetch it."""
    return {**key.as_dict(private=False), "kid": address, "use": "sig", "alg": algorithm(key)}


def signing(database_url: str, profile: str) -> Signing:
    """The agency's keys; in development without any, one that follows from the house itself. Raises UnfitKeys."""
    told, file = agency().badge_keys, agency().badge_keys_file
    if told is not None:
        return read_keys(told.get_secret_value())
    if file is not None:
        return read_keys(file.read_text())
    if profile != "dev":
        raise UnfitKeys("ALONGSIDE_BADGE_KEYS_FILE is needed: credentials are signed by a key that is kept")
    return _of_house(database_url)


@lru_cache(maxsize=8)
def read_keys(text: str) -> Signing:
    """From JSON: {"secret": base64url of 32 bytes, "keys": [private JWK, ...]}. Raises UnfitKeys."""
    try:
        found = json.loads(text)
        secret = urlsafe_b64decode(found["secret"] + "==")
        keys = [_KINDS[one["kty"]][0].import_key(one) for one in found["keys"]]
    except (ValueError, KeyError, TypeError) as broken:
        raise UnfitKeys(f"the badge keys can't be read ({type(broken).__name__})") from None
    if len(secret) < 32 or not keys or not all(key.is_private for key in keys):
        raise UnfitKeys("badge keys have a secret of 32 bytes and private keys, the one that signs first")
    return Signing(secret, {_address(key): key for key in keys})


def fresh(text: str | None = None) -> str:
    """Keys as JSON: a new one that signs, before those of `text`, which go on verifying."""
    before = json.loads(text) if text else {}
    key = ECKey.generate_key("P-256").as_dict(private=True)
    secret = before.get("secret") or secrets.token_urlsafe(32)
    return json.dumps({"secret": secret, "keys": [key, *before.get("keys", ())]}, indent=1)


def rotate(file: Path) -> int:
    """Make the file, or put a new key first in it, at once. How many keys it has now. Raises UnfitKeys."""
    before = file.read_text() if file.exists() else None
    if before is not None:
        read_keys(before)
    written = fresh(before)
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(written)
    os.replace(new, file)
    return len(read_keys(written).keys)


@lru_cache(maxsize=8)
def _of_house(database_url: str) -> Signing:
    seed = hashlib.sha256(b"alongside badges\0" + database_url.encode()).digest()
    # The order of the curve is a little below 2**256; an exponent from 255 bits is always below it, and never 0.
    private = derive_private_key(1 + int.from_bytes(seed) // 2, SECP256R1())
    numbers = private.public_key().public_numbers()
    sides = {"d": private.private_numbers().private_value, "x": numbers.x, "y": numbers.y}
    told = {name: urlsafe_b64encode(side.to_bytes(32)).rstrip(b"=").decode() for name, side in sides.items()}
    key = ECKey.import_key({"kty": "EC", "crv": "P-256", **told})
    return Signing(hashlib.sha256(b"alongside pseudonyms\0" + seed).digest(), {_address(key): key})


def _address(key: Key) -> str:
    return f"{agency().home}/training/badges/keys/{key.thumbprint()}"
