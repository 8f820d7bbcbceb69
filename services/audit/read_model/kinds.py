"""Everything that can be asked and issued as a report: its name, what it takes, and the reckoning that answers it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias, TypeVar, get_args
from uuid import UUID

from services.audit.read_model import listed, questions, states
from services.audit.read_model.evidence import Evidence
from services.audit.read_model.questions import Span
from services.audit.replay import child, mentor, region
from shared.contracts.eligibility import Item

T = TypeVar("T")

QUESTIONS = "questions/4"
"""The reckoning of the nine questions: changes whenever the same facts would give another answer."""
TIMELINE = "timeline/1"
LONGEST = 31
"""Days that may be asked about at once for a whole region."""
EVER = 366 * 40
"""And for a child, a mentor or a school: longer than anything is kept."""
EARLIEST = date(1990, 1, 1)


class Wrong(ValueError):
    """What was asked makes no sense: the field, and what it should be."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field, self.detail = field, detail


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question may be about. Each kind takes some of it."""

    child_id: UUID | None = None
    mentor_id: UUID | None = None
    school_id: UUID | None = None
    on: date | None = None
    since: date | None = None
    until: date | None = None
    item: Item | None = None

    @property
    def child(self) -> UUID:
        return _given("child_id", self.child_id)

    @property
    def mentor(self) -> UUID:
        return _given("mentor_id", self.mentor_id)

    @property
    def day(self) -> date:
        return _given("on", self.on)

    @property
    def first(self) -> date:
        return self.span.since

    @property
    def end(self) -> date:
        return self.span.until

    @property
    def span(self) -> Span:
        """The days asked about, and whose. Raises Wrong when they make no sense or are too many."""
        since, until = _given("from", self.since), _given("to", self.until)
        if until <= since:
            raise Wrong("to", "a day after `from`; the last day asked about is the one before it")
        if since < EARLIEST:
            raise Wrong("from", f"{EARLIEST} or later; nothing is on record of the time before")
        if until - since > timedelta(days=EVER):
            raise Wrong("to", f"at most {EVER} days after `from`; that is more than anything is kept for")
        kind, subject = self.whose
        if kind is None and until - since > timedelta(days=LONGEST):
            raise Wrong(
                "to", f"at most {LONGEST} days after `from`, unless a child, mentor or school is named"
            )
        return Span(since, until, kind, subject)

    @property
    def whose(self) -> tuple[str | None, UUID | None]:
        """The one who is named. Raises Wrong when several are."""
        every = {"child": self.child_id, "mentor": self.mentor_id, "school": self.school_id}
        named = [(kind, subject) for kind, subject in every.items() if subject is not None]
        if len(named) > 1:
            raise Wrong(f"{named[1][0]}_id", f"leave it out, or leave {named[0][0]}_id out")
        return named[0] if named else (None, None)

    def told(self) -> dict[str, str]:
        """By the names that are used over HTTP; what was not given is left out."""
        every = {
            "child_id": self.child_id,
            "mentor_id": self.mentor_id,
            "school_id": self.school_id,
            "on": self.on,
            "from": self.since,
            "to": self.until,
            "item": self.item,
        }
        return {name: str(value) for name, value in every.items() if value is not None}


Ask: TypeAlias = Callable[[Evidence, Asked], Awaitable[Any]]
Shape: TypeAlias = Literal["question", "state", "timeline"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can be asked. `takes` names what it needs; names with ? may be left out."""

    takes: tuple[str, ...]
    ask: Ask
    fold: str = QUESTIONS
    shape: Shape = "question"
    question: str = ""

    @property
    def about_a_day(self) -> bool:
        return "on" in self.takes


def _of_question(asks: Callable[..., Any], takes: tuple[str, ...], ask: Ask) -> Kind:
    return Kind(takes, ask, question=str(asks.__doc__).strip())


_ANYBODY = ("from", "to", "child_id?", "mentor_id?")

KINDS: Mapping[str, Kind] = {
    "child-state": Kind(
        ("child_id", "on"), lambda e, a: states.of_child(e, a.child, a.day), child.FOLD, "state"
    ),
    "mentor-state": Kind(
        ("mentor_id", "on"), lambda e, a: states.of_mentor(e, a.mentor, a.day), mentor.FOLD, "state"
    ),
    "region-state": Kind(("on",), lambda e, a: states.of_region(e, a.day), region.FOLD, "state"),
    "child-timeline": Kind(
        ("child_id",), lambda e, a: listed.timeline(e, "child", a.child), TIMELINE, "timeline"
    ),
    "mentor-timeline": Kind(
        ("mentor_id",), lambda e, a: listed.timeline(e, "mentor", a.mentor), TIMELINE, "timeline"
    ),
    "who-supported": _of_question(
        questions.who_supported,
        ("child_id", "on"),
        lambda e, a: questions.who_supported(e, a.child, a.day),
    ),
    "delivered-by-ineligible": _of_question(
        questions.delivered_by_ineligible,
        _ANYBODY,
        lambda e, a: questions.delivered_by_ineligible(e, a.span),
    ),
    "cleared-on-evidence": _of_question(
        questions.cleared_on_evidence,
        ("mentor_id", "on"),
        lambda e, a: questions.cleared_on_evidence(e, a.mentor, a.day),
    ),
    "late-or-amended-logs": _of_question(
        questions.late_or_amended, _ANYBODY, lambda e, a: questions.late_or_amended(e, a.span)
    ),
    "provision-delivered": _of_question(
        questions.provision_delivered,
        ("child_id", "from", "to"),
        lambda e, a: questions.provision_delivered(e, a.child, a.first, a.end),
    ),
    "without-primary": _of_question(
        questions.without_primary,
        ("child_id", "from", "to"),
        lambda e, a: questions.without_primary(e, a.child, a.first, a.end),
    ),
    "whole-class-use": _of_question(
        questions.whole_class_use,
        (*_ANYBODY, "school_id?"),
        lambda e, a: questions.whole_class_use(e, a.span),
    ),
    "alerts-before-lapse": _of_question(
        questions.alerts_before,
        ("mentor_id", "item"),
        lambda e, a: questions.alerts_before(e, a.mentor, _given("item", a.item)),
    ),
    "who-viewed": _of_question(
        listed.who_viewed,
        ("child_id?", "mentor_id?", "from?", "to?"),
        lambda e, a: listed.who_viewed(e, *_viewed(a), a.since, a.until),
    ),
}


def parsed(kind: str, asked: Mapping[str, str], today: date) -> Asked:
    """What was asked, by name. `today` is the day where one is needed and none is named. Raises Wrong."""
    if kind not in KINDS:
        raise Wrong("kind", f"one of {', '.join(KINDS)}")
    takes = {name.removesuffix("?") for name in KINDS[kind].takes}
    for name in asked:
        if name not in takes:
            raise Wrong(name, f"{kind} takes {', '.join(sorted(takes))}")
    missing = [name for name in KINDS[kind].takes if name not in asked and name[-1] != "?" and name != "on"]
    if missing:
        raise Wrong(missing[0], f"{kind} needs it")
    ids = {name: _read(name, asked, UUID, "an id") for name in ("child_id", "mentor_id", "school_id")}
    days = {
        field: _read(name, asked, date.fromisoformat, "a day such as 2026-09-07")
        for name, field in (("on", "on"), ("from", "since"), ("to", "until"))
    }
    if KINDS[kind].about_a_day and days["on"] is None:
        days["on"] = today
    item: Any = asked.get("item")
    if item is not None and item not in get_args(Item):
        raise Wrong("item", f"one of {', '.join(get_args(Item))}")
    return Asked(**ids, **days, item=item)


def _read(name: str, asked: Mapping[str, str], read: Callable[[str], Any], what: str) -> Any:
    try:
        return read(asked[name]) if name in asked else None
    except ValueError:
        raise Wrong(name, what) from None


def _viewed(asked: Asked) -> tuple[str, UUID]:
    kind, subject = asked.whose
    if kind is None or subject is None:
        raise Wrong("child_id", "name a child or a mentor")
    return kind, subject


def _given(name: str, value: T | None) -> T:
    if value is None:
        raise Wrong(name, "it is needed here")
    return value
