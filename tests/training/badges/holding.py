"""Holding a credential, fetching what it names, and reading it with none of the libraries that sign."""

import gzip
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from services.training.agency import agency
from services.training.badges.projection import BITS
from shared.contracts.assignments.mentor import MentorEngaged
from tests.support.examples import example
from tests.support.people import MENTOR
from tests.support.served import Served
from tests.training.showing import COMPLIANCE, TODAY, complete, publish

SCHEMA = json.loads((Path(__file__).parent / "ob_v3p0_achievementcredential_schema.json").read_text())
AS_MENTOR = {"role": "mentor", "name": str(MENTOR)}
BASIC: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "http://example.com/credentials/3527",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://example.com/issuers/876543", "type": ["Profile"], "name": "Example Corp"},
    "validFrom": "2010-01-01T00:00:00Z",
    "name": "Teamwork Badge",
    "credentialSubject": {
        "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://example.com/achievements/21st-century-skills/teamwork",
            "type": ["Achievement"],
            "criteria": {"narrative": "Team members are nominated by their peers."},
            "description": "The capacity to collaborate within a group.",
            "name": "Teamwork",
        },
    },
}
"""The basic example of the standard, its two sentences shortened."""


def raw(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def check_signature(key: Mapping[str, str], signed: bytes, mark: bytes) -> None:
    """ES256 by hand, with none of the libraries that sign. Raises InvalidSignature."""
    x, y = (int.from_bytes(raw(key[side])) for side in "xy")
    half = len(mark) // 2
    pair = encode_dss_signature(int.from_bytes(mark[:half]), int.from_bytes(mark[half:]))
    EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key().verify(pair, signed, ECDSA(SHA256()))


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, payload, what was signed and the signature, read without the library that signs."""
    head, body, mark = token.split(".")
    return json.loads(raw(head)), json.loads(raw(body)), f"{head}.{body}".encode(), raw(mark)


async def anybody(training: Served, address: str) -> Any:
    """GET without a name, by an absolute address of the house."""
    answer = await training.client.get(address.removeprefix(agency().home))
    assert answer.status_code == 200, answer.text
    return answer


async def checked(training: Served, token: str) -> dict[str, Any]:
    """The payload, its signature verified with the key that its header leads to."""
    header, payload, signed, mark = parts(token)
    assert set(header) == {"alg", "kid", "typ"}
    assert (header["alg"], header["typ"]) == ("ES256", "JWT")
    key = (await anybody(training, header["kid"])).json()
    assert "d" not in key
    check_signature(key, signed, mark)
    with pytest.raises(InvalidSignature):
        check_signature(key, signed + b"x", mark)
    return payload


async def revoked_places(training: Served, status: Mapping[str, str]) -> list[int]:
    """Every bit that is on, read by hand as Bitstring Status List 1.0 describes it."""
    listed = await checked(training, (await anybody(training, status["statusListCredential"])).text)
    assert listed["id"] == status["statusListCredential"]
    assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    subject = listed["credentialSubject"]
    assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", "revocation")
    packed = subject["encodedList"]
    assert packed.startswith("u")
    assert "=" not in packed
    bits = gzip.decompress(urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
    assert len(bits) * 8 == BITS >= 131_072
    return [place for place in range(BITS) if bits[place // 8] >> (7 - place % 8) & 1]


async def certified(training: Served, track: Any = "slt", months: int | None = 12) -> dict[str, Any]:
    await training.hear("assignments", example(MentorEngaged))
    await complete(training, MENTOR, await publish(training, track, months), TODAY)
    found = await training.ask("/badges/credentials", mentor_id=MENTOR, **AS_MENTOR)
    return next(dict(one) for one in found["items"] if one["track"] == track)


async def download(training: Served, one: Mapping[str, Any], **who: str) -> str:
    answer = await training.get(f"/badges/credentials/{one['certification_id']}", **(who or AS_MENTOR))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vc+jwt"
    return answer.text


async def verified(training: Served, credential: str) -> str:
    """What both the JSON and the page say."""
    answer = await training.client.post("/training/badges/verification", json={"credential": credential})
    page = await training.client.post("/training/badges/verify", data={"credential": credential})
    found = answer.json()
    assert page.status_code == 200
    assert found["says"] in page.text
    assert "<script" not in page.text
    assert str(MENTOR) not in page.text
    return str(found["state"])


async def revoke(training: Served, one: Mapping[str, Any]) -> None:
    path = f"/mentors/{MENTOR}/certifications/{one['certification_id']}/revocation"
    await training.done(path, {"reason": "somebody else's"}, **COMPLIANCE)
