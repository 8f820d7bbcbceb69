"""What is certified, in words: an achievement for each track and each way of being certified in it."""

from collections.abc import Mapping
from typing import Any

from services.training.agency import agency

TRACKS: Mapping[str, str] = {
    "induction": "Induction of learning mentors",
    "slt": "Speech and language therapy",
    "ot": "Occupational therapy",
    "bed": "Behaviour and emotional development",
    "safeguarding": "Safeguarding update",
}
KINDS: Mapping[str, tuple[str, str]] = {
    "full": (
        "Certified",
        "The mentor completed a published course of this track, and the agency saw the record that proves it.",
    ),
    "waived": (
        "Certified by waiver",
        "The mentor was spared the course: the agency saw a record that supports it, and says until when it counts.",
    ),
    "temporary": (
        "Certified for a while",
        "The agency certifies the mentor for 90 days at most, until the course can be had. No course was completed.",
    ),
}
CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def achievement(track: str, kind: str) -> dict[str, Any]:
    """An Achievement of Open Badges 3.0. KeyError when there is none."""
    title, (how, criteria) = TRACKS[track], KINDS[kind]
    return {
        "id": f"{agency().home}/training/badges/achievements/{track}/{kind}",
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": f"{title}: {how.lower()}",
        "description": f"{how} by {agency().agency_name} in the track: {title}.",
        "criteria": {"narrative": criteria},
    }


def issuer() -> dict[str, Any]:
    """The agency's Profile."""
    return {
        "id": f"{agency().home}/training/badges/issuer",
        "type": ["Profile"],
        "name": agency().agency_name,
        "url": agency().home,
    }
