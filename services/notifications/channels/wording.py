"""The words of a notification, in the reader's language: what happened, what to do, and a subject line."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from jinja2 import UndefinedError

from services.notifications.channels.languages import OTHERS, Book, book
from shared.contracts.words.telling import NotificationType

DEFAULT_ZONE = "Europe/London"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wording:
    """One text. `link_only`: it is shown in the inbox only, no word of it leaves the house."""

    subject_line: str
    happened: str
    todo: str
    link_only: bool = False

    @property
    def body(self) -> str:
        return f"{self.happened} {self.todo}"


def worded(
    type: NotificationType,
    language: str,
    parameters: Mapping[str, str],
    role: str = OTHERS,
    zone: str | None = None,
) -> Wording:
    """The text of this type for a reader in this role.

    Moments are told on the clock of the session's own zone, else of the reader's `zone`. A text that lacks a
    parameter says no more than its subject: rather that than nobody hears of it.
    """
    found = book(language, parameters.get("time_zone") or zone or DEFAULT_ZONE)
    try:
        return strictly(found, type, parameters, role)
    except (UndefinedError, ValueError, KeyError) as error:
        log.error("text incomplete", type=type, language=language, error=f"{error!r}"[:200])
        said = type.replace("_", " ").capitalize()
        return Wording(said, f"{said}.", found.said("your_inbox"), link_only=type == "safeguarding_concern")


def strictly(found: Book, type: str, parameters: Mapping[str, str], role: str = OTHERS) -> Wording:
    """The same; raises UndefinedError, ValueError or KeyError when the text and the parameters do not fit."""
    text = found.texts[type]
    return Wording(
        found.render(text.subject, parameters),
        found.render(_for(text.happened, role), parameters),
        found.render(_for(text.todo, role), parameters),
        text.link_only,
    )


def _for(by_role: Mapping[str, str], role: str) -> str:
    return by_role.get(role) or by_role[OTHERS]
