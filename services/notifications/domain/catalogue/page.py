"""docs/notifications.md, made from the catalogue: run this module and write what it prints there."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from services.notifications.domain.catalogue import CATALOGUE
from services.notifications.domain.catalogue.entry import Audience, Entry

_INTRODUCTION = """\
# Who hears of what

Made from `services/notifications/domain/catalogue`; a test compares the two.

A mentor hears of their own work, a parent of their child, a school of the children in it; every other role of
everything in its region. Numbers before roles are the steps of a ladder: minutes late, hours without a log, days
left. Text messages go to those who gave a number.

- **Urgent** comes at once, also in quiet hours, is never in a digest, and cannot be switched off. Neither can what is
  to be acknowledged.
- **Acknowledged by**: one in that role answers for all of them. When nobody has in that time, the next role hears;
  where the role has nobody at all, the next hears at once.
- **Twice within**: the same said again to the same recipient is recorded as suppressed, and not sent.
- **Takes the place of** what has not gone out yet of these types in the same matter (a session, a certification).
- Nothing that is personal is in a subject line, nor in what is kept of a notification: ids, days, and words of closed
  lists. Why somebody is ill, absent or suspended is not said at all. A safeguarding concern is a link and nothing
  else, and is shown to the designated safeguarding lead alone, also in inboxes and logs that others may read.
"""
_CATEGORIES = {
    "support": "Support",
    "sessions": "Sessions and logs",
    "cover": "Absence and cover",
    "training": "Training and vetting",
    "safety": "Safety",
    "system": "The system itself",
}
_HEAD = """\
| type | when | told to | urgent | ways | acknowledged by | twice within | takes the place of |
| --- | --- | --- | --- | --- | --- | --- | --- |"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    for category, title in _CATEGORIES.items():
        yield f"## {title}\n"
        yield _HEAD
        yield from (_row(entry) for entry in CATALOGUE.values() if entry.category == category)
        yield ""


def _row(entry: Entry) -> str:
    wanted = entry.acknowledgement
    cells = (
        f"`{entry.type}`",
        entry.when,
        _audience(entry.audience),
        "yes" if entry.urgent else "",
        ", ".join(entry.channels),
        f"{wanted.by} within {_span(wanted.within)}, else {_next(wanted.by, wanted.then)}" if wanted else "",
        _span(entry.again_after) if entry.again_after else "",
        _types(entry.supersedes),
    )
    return f"| {' | '.join(cells)} |"


def _audience(audience: Audience) -> str:
    steps = (f"{step}: {_roles(roles)}" if step else _roles(roles) for step, roles in audience.items())
    return " · ".join(steps) or "whoever chose a digest"


def _roles(roles: Iterable[str]) -> str:
    return ", ".join(sorted(roles)) or "whoever chose it"


def _types(types: Iterable[str]) -> str:
    return ", ".join(f"`{type}`" for type in sorted(types))


def _next(by: str, then: str) -> str:
    return "every one of them again" if by == then else then


def _span(span: timedelta) -> str:
    hours = int(span.total_seconds()) // 3600
    return f"{hours // 24} d" if hours and hours % 24 == 0 else f"{hours} h"


if __name__ == "__main__":
    print(page(), end="")
