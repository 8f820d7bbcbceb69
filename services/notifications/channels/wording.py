"""The words of a notification: its subject line, without personal data, and its body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.contracts.words.telling import Language, NotificationType

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_TEXTS: Mapping[str, tuple[str, str]] = {
    "request_received": (
        "A request for support was received",
        "A {requester_kind} asked for one-to-one support of a child.",
    ),
    "match_offered": (
        "A mentor has been proposed",
        "A mentor who meets every requirement is proposed as {role} mentor.",
    ),
    "assignment_started": (
        "Support has been arranged",
        "From {effective_from} the mentor supports the child as {role} mentor.",
    ),
    "assignment_ended": (
        "An assignment has ended",
        "From {ended_on} the mentor no longer supports the child: {reason}.",
    ),
    "role_boundary_breached": (
        "A mentor was used for the whole class",
        "A session log named work with the whole class, and was refused. A Learning Mentor supports one "
        "child: please agree with the school how the mentor is to be used.",
    ),
    "session_cancelled": (
        "A session has been cancelled",
        "A session will not take place: {reason} (by the {cancelled_by}).",
    ),
    "deployability_lost": (
        "A mentor may not be with a child at present",
        "From {stood_down_on} the mentor may not be with a child: {shortfalls}. "
        "Coming sessions stop; the child needs cover.",
    ),
    "certification_expired": (
        "A certification has expired",
        "The {track} training expired on {expired_on} and has to be renewed.",
    ),
}


@dataclass(frozen=True, slots=True)
class Wording:
    subject_line: str
    body: str


def worded(type: NotificationType, language: Language, parameters: Mapping[str, str]) -> Wording:
    """The text of this type in this language."""
    said = type.replace("_", " ").capitalize()
    subject_line, body = _TEXTS.get(type, (said, f"{said}. Read more in your inbox."))
    return Wording(subject_line, body.format(**{name: _shown(value) for name, value in parameters.items()}))


def _shown(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value.replace("_", " ")
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
