"""What a statement means for training: which verbs are acted upon, and what others are called here."""

from hashlib import sha256
from typing import Literal

_ADL = "http://adlnet.gov/expapi/verbs/"
COMPLETED, PASSED, FAILED, VOIDED = (f"{_ADL}{word}" for word in ("completed", "passed", "failed", "voided"))

Meaning = Literal["completed", "failed"]


def meaning(verb: str, success: bool | None) -> Meaning | None:
    """What becomes of the course; None: it is kept, and nothing follows. A verb that its result denies says nothing."""
    if verb == COMPLETED:
        return "failed" if success is False else "completed"
    if verb == PASSED and success is not False:
        return "completed"
    if verb == FAILED and success is not True:
        return "failed"
    return None


def digest(iri: str) -> str:
    """An IRI that others chose may say anything, so only what finds it again stands in the open."""
    return f"urn:sha256:{sha256(iri.encode()).hexdigest()}"


def verb_name(iri: str) -> str:
    """The verb itself when it is acted upon, else its digest."""
    return iri if iri in (COMPLETED, PASSED, FAILED, VOIDED) else digest(iri)
