"""./alongside ask: what auditors ask, answered from the ledger."""

import json
from contextvars import ContextVar
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console

from services.audit import report_verbs
from shared.kernel.projections.asking import DEFAULT_DATA, AsJson, Asked, Data, one
from shared.kernel.sight import HEADER

ask = typer.Typer(
    help="What auditors ask, answered from the ledger, as of a day and as known at a moment.",
    no_args_is_help=True,
    add_completion=False,
)

Purpose = Annotated[
    str | None,
    typer.Option(help="Why you look: `investigation` opens what people wrote, which is withheld otherwise."),
]

_purpose: ContextVar[str | None] = ContextVar("purpose", default=None)


@ask.callback()
def asking(purpose: Purpose = None) -> None:
    """What auditors ask, answered from the ledger, as of a day and as known at a moment."""
    _purpose.set(purpose)


Child = Annotated[str, typer.Option("--child", help="The child's id.")]
OneChild = Annotated[str | None, typer.Option("--child", help="Only of this child (id).")]
Mentor = Annotated[str, typer.Option("--mentor", help="The mentor's id.")]
OneMentor = Annotated[str | None, typer.Option("--mentor", help="Only of this mentor (id).")]
OneSchool = Annotated[str | None, typer.Option("--school", help="Only of this school (id).")]
On = Annotated[
    str | None, typer.Option("--on", help="The day, such as 2026-09-07; default: that of --known-at.")
]
From = Annotated[str, typer.Option("--from", help="First day.")]
To = Annotated[str, typer.Option("--to", help="First day not asked about any more.")]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", help="Only what was on record by then: 2026-09-07T12:00:00Z.")
]
Item = Annotated[
    str, typer.Option("--item", help="A track or a clearance: slt, safeguarding, dbs_enhanced ...")
]


@ask.command()
def who_supported(
    child: Child, on: On = None, known_at: KnownAt = None, data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """1. Who supported a child on a day, and were they in date for training on it."""
    _tell("questions/who-supported", data, as_json, child_id=child, on=on, known_at=known_at)


@ask.command()
def delivered_by_ineligible(
    since: From, until: To, child: OneChild = None, mentor: OneMentor = None, known_at: KnownAt = None,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """2. Which sessions were delivered by somebody later found ineligible."""
    asked = {"from": since, "to": until, "child_id": child, "mentor_id": mentor, "known_at": known_at}
    _tell("questions/delivered-by-ineligible", data, as_json, **asked)


@ask.command()
def cleared_on_evidence(
    mentor: Mentor,
    on: On = None,
    known_at: KnownAt = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """3. On what evidence a mentor was cleared, and who looked at it, when."""
    _tell("questions/cleared-on-evidence", data, as_json, mentor_id=mentor, on=on, known_at=known_at)


@ask.command()
def late_or_amended_logs(
    since: From, until: To, child: OneChild = None, mentor: OneMentor = None, known_at: KnownAt = None,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """4. Which logs were late or amended: before, after, by whom, why."""
    asked = {"from": since, "to": until, "child_id": child, "mentor_id": mentor, "known_at": known_at}
    _tell("questions/late-or-amended-logs", data, as_json, **asked)


@ask.command()
def provision_delivered(
    child: Child, since: From, until: To, known_at: KnownAt = None, data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """5. Provision specified against delivered for a child, with the reasons for the gap."""
    asked = {"from": since, "to": until, "child_id": child, "known_at": known_at}
    _tell("questions/provision-delivered", data, as_json, **asked)


@ask.command()
def without_primary(
    child: Child, since: From, until: To, known_at: KnownAt = None, data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """6. Every period a child had no primary, and who covered."""
    asked = {"from": since, "to": until, "child_id": child, "known_at": known_at}
    _tell("questions/without-primary", data, as_json, **asked)


@ask.command()
def whole_class_use(
    since: From, until: To, child: OneChild = None, mentor: OneMentor = None, school: OneSchool = None,
    known_at: KnownAt = None, data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """7. Any use of a mentor for a whole class."""
    whose = {"child_id": child, "mentor_id": mentor, "school_id": school, "known_at": known_at}
    _tell("questions/whole-class-use", data, as_json, **{"from": since, "to": until, **whose})


@ask.command()
def alerts_before_lapse(
    mentor: Mentor, item: Item, known_at: KnownAt = None, data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """8. Which alerts fired before something lapsed, who acknowledged, how long until somebody acted."""
    _tell("questions/alerts-before-lapse", data, as_json, mentor_id=mentor, item=item, known_at=known_at)


@ask.command()
def who_viewed(
    child: OneChild = None, mentor: OneMentor = None, since: From = "", until: To = "",
    known_at: KnownAt = None, data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """9. Who viewed a child's or a mentor's record."""
    if (child is None) == (mentor is None):
        raise typer.BadParameter("name one: --child or --mentor")
    path = f"views/children/{child}" if child else f"views/mentors/{mentor}"
    asked = _audit(data)
    when = {"from": _midnight(since), "to": _midnight(until), "known_at": known_at}
    items: list[Any] = []
    cursor: str | None = None
    while True:
        page = asked.get(path, **when, cursor=cursor, limit=200)
        items += page["items"]
        when["known_at"] = page["known_at"]
        if not (cursor := page["next"]):
            break
    _print({"known_at": when["known_at"], "items": items}, as_json)


ask.command("report")(report_verbs.report)
ask.command("report-rebuilt")(report_verbs.report_rebuilt)


def _midnight(day: str) -> str | None:
    try:
        return f"{date.fromisoformat(day)}T00:00:00Z" if day else None
    except ValueError:
        raise typer.BadParameter(f"{day!r} is no day; write it as 2026-09-07") from None


def _tell(path: str, data: Any, as_json: bool, **asked: Any) -> None:
    """Ask, and print the answer; exits 1 with what the problem says, 4 when nothing runs."""
    _print(_audit(data).get(path, **asked), as_json)


def _audit(data: Any) -> Asked:
    """Audit, asked as an auditor who says why."""
    asked = one(data, "audit", role="auditor", under="")
    if purpose := _purpose.get():
        asked.client.headers[HEADER] = purpose
    return asked


def _print(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(answer, indent=1))
    else:
        Console().print_json(data=answer)
