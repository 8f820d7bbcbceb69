"""What is said because of a fact: its type, about whom, and the plain values that its text tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from shared.contracts.eligibility import Shortfall
from shared.contracts.words.telling import NotificationType, RecipientRole


@dataclass(frozen=True, slots=True)
class Announcement:
    """No names and no words: the text is written where it is read, in the reader's language.

    `thread` is the matter it is about; the same type, `thread` and `said` (without it the parameters) again is
    the same thing said twice.
    `step` is that of a ladder. `urgent` outweighs the catalogue. `mentors` are those who hear of it as mentors;
    None: the one it is about. `only_role` outweighs the audience: nobody has acknowledged `escalated_from`.
    """

    type: NotificationType
    thread: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    step: str = ""
    said: str = ""
    urgent: bool | None = None
    useful_until: datetime | None = None
    child_id: UUID | None = None
    mentor_id: UUID | None = None
    school_id: UUID | None = None
    session_id: UUID | None = None
    mentors: tuple[UUID, ...] | None = None
    only_role: RecipientRole | None = None
    escalated_from: UUID | None = None

    @property
    def told_mentors(self) -> tuple[UUID, ...]:
        """The mentors who hear of it, when mentors do."""
        if self.mentors is not None:
            return self.mentors
        return (self.mentor_id,) if self.mentor_id else ()

    @property
    def deduplication_key(self) -> str:
        said = self.said or ",".join(self.parameters[name] for name in sorted(self.parameters))
        return ":".join(part for part in (self.type, self.thread, self.step, said) if part)


def plain(**values: object) -> Mapping[str, str]:
    """Values as a text's parameters; what is None is left out."""
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> str:
    match value:
        case datetime() | date():
            return value.isoformat()
        case bool():
            return "yes" if value else "no"
        case Shortfall(item=item, status=status, since=since):
            return f"{item} {status} {since.isoformat()}" if since else f"{item} {status}"
        case str() | int():
            return str(value)
        case Iterable():
            parts = [_plain(part) for part in value]
            return "; ".join(parts) if any(" " in part for part in parts) else ", ".join(parts)
        case _:
            raise TypeError(f"{value!r} is not plain")
