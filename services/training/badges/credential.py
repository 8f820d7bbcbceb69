"""A certification as an OpenBadgeCredential: made when it is asked for, from what is on record; kept nowhere."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from joserfc import jws

from services.training.agency import agency
from services.training.badges.achievements import CONTEXTS, achievement, issuer
from services.training.badges.keys import Key, Signing, algorithm

_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"


def address(certification_id: UUID) -> str:
    """The credential's id: whoever may see it downloads it there."""
    return f"{agency().home}/training/badges/credentials/{certification_id}"


def list_address(number: int) -> str:
    return f"{agency().home}/training/badges/status/{number}"


def credential(badge: Mapping[str, Any], signing: Signing) -> dict[str, Any]:
    """Of whom it is stands there as a salted hash of the mentor's id: who knows that can check it, nobody else."""
    certification_id = badge["certification_id"]
    made = achievement(badge["track"], badge["kind"])
    salt = signing.pseudonym("salt", str(certification_id)).hex()
    subject = UUID(bytes=signing.pseudonym("subject", str(certification_id)), version=4)
    place, number = str(badge["list_index"]), badge["list_number"]
    mark = sha256(f"{badge['mentor_id']}{salt}".encode()).hexdigest()
    found = {
        "@context": CONTEXTS,
        "id": address(certification_id),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": made["name"],
        "issuer": issuer(),
        "validFrom": begins(badge["valid_from"]),
        "awardedDate": begins(badge["granted_on"]),
        "credentialSubject": {
            "id": f"urn:uuid:{subject}",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": f"sha256${mark}",
                    "identityType": "systemId",
                    "salt": salt,
                }
            ],
            "achievement": made,
        },
        "credentialStatus": {
            "id": f"{list_address(number)}#{place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": place,
            "statusListCredential": list_address(number),
        },
        "credentialSchema": [{"id": _SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    if badge["valid_until"] is not None:
        found["validUntil"] = ends(badge["valid_until"])
    return found


def signed(credential: Mapping[str, Any], signing: Signing) -> str:
    """The compact JWS of a credential, with the claims that say the same in the words of JWT."""
    by = credential["issuer"]
    claims = {
        **credential,
        "iss": by if isinstance(by, str) else by["id"],
        "jti": credential["id"],
        "nbf": numeric(credential["validFrom"]),
    }
    claims["sub"] = credential["credentialSubject"]["id"]
    if until := credential.get("validUntil"):
        claims["exp"] = numeric(until)
    kid, key = signing.signs_with
    header = {"alg": algorithm(key), "kid": kid, "typ": "JWT"}
    payload = json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode()
    return jws.serialize_compact(header, payload, key, algorithms=[algorithm(key)])


def opened(text: str, key: Key) -> dict[str, Any]:
    """The payload of a compact JWS that this key signed. Raises joserfc's JoseError, and ValueError for no JSON."""
    found = jws.deserialize_compact(text, key, algorithms=[algorithm(key)])
    payload = json.loads(found.payload)
    if not isinstance(payload, dict):
        raise ValueError("the payload is no object")
    return payload


def begins(day: date) -> str:
    """The first moment of a day, in UTC as all days of the platform."""
    return f"{day.isoformat()}T00:00:00Z"


def ends(day: date) -> str:
    """The last second of a day."""
    last = datetime.combine(day, time(), UTC) + timedelta(days=1, seconds=-1)
    return last.isoformat().replace("+00:00", "Z")


def numeric(moment: str) -> int:
    """Seconds since 1970 (RFC 7519)."""
    return int(datetime.fromisoformat(moment).timestamp())
