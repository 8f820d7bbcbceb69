"""./alongside erasure: forget somebody, see what was erased and what is held back, repair a restored keyring."""

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from services.audit.records import replaying
from shared.kernel.cli import FAILED, NOTHING_RUNS
from shared.kernel.projections.asking import DEFAULT_DATA, As, AsJson, Asked, Data, one_as, show, tell

erasure = typer.Typer(
    help="Forget somebody: ask, decide, approve; what was erased, and what is held back.",
    no_args_is_help=True,
    add_completion=False,
)

Id = Annotated[str, typer.Argument(help="The erasure's id.")]
Child = Annotated[str | None, typer.Option("--child", help="A child's id.")]
Mentor = Annotated[str | None, typer.Option("--mentor", help="A mentor's id.")]
Recipient = Annotated[str | None, typer.Option("--recipient", help="A recipient's id.")]
Parts = Annotated[
    list[str] | None,
    typer.Option(
        "--class", help="profile, casework, safeguarding, employment or contact; repeat it. Default: all."
    ),
]
COLUMNS = ("erasure_id", "stage", "kind", "person_id", "classes", "waiting_for")
HELD = ("hold_id", "kind", "person_id", "classes", "reason", "placed_by", "lifted_by")


@erasure.command()
def request(
    ground: Annotated[
        str,
        typer.Option(
            help="no_longer_necessary, consent_withdrawn, objection, unlawful or legal_obligation."
        ),
    ],
    child: Child = None, mentor: Mentor = None, recipient: Recipient = None, classes: Parts = None,
    who: As = "coordinator:cli", data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Ask that a person be forgotten. The receipt is shown this once: it finds their certificate."""
    body = {**_named(child, mentor, recipient), "ground": ground, **({"classes": classes} if classes else {})}
    told = _sent(data, who, "erasures", body)
    tell(told, as_json, f"erasure {told['erasure_id']}\nreceipt {told['receipt']} (kept nowhere)")


@erasure.command()
def decide(
    erasure_id: Id, who: As = "compliance:cli", data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """Decide it by the rules: holds, whether the person is still here, how long each part must be kept."""
    _sent(data, who, f"erasures/{erasure_id}/decide")
    _status(data, who, erasure_id, as_json)


@erasure.command()
def approve(erasure_id: Id, who: As, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Approve the decision; the second of two people orders it, and that can't be called off."""
    _sent(data, who, f"erasures/{erasure_id}/approve")
    _status(data, who, erasure_id, as_json)


@erasure.command()
def refuse(
    erasure_id: Id,
    why: Annotated[str, typer.Option(help="not_the_person, unfounded, withdrawn or everything_is_kept.")],
    who: As = "compliance:cli", data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """End a request without any effect."""
    _sent(data, who, f"erasures/{erasure_id}/refuse", {"why": why})
    _status(data, who, erasure_id, as_json)


@erasure.command()
def status(
    erasure_id: Id, who: As = "auditor:cli", data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """How far an erasure has come: each part, who agreed, which services have not acknowledged."""
    _status(data, who, erasure_id, as_json)


@erasure.command("list")
def list_(
    child: Child = None, mentor: Mentor = None, recipient: Recipient = None,
    who: As = "auditor:cli", data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """What was erased, on what ground, and what is held back."""
    found = _office(data, who).all("erasures", _named(child, mentor, recipient))
    show(found, COLUMNS, as_json, "nobody asked to be forgotten")


@erasure.command()
def hold(
    reason: Annotated[str, typer.Option(help="legal_claim, authority_request, inquiry or complaint.")],
    child: Child = None, mentor: Mentor = None, recipient: Recipient = None, classes: Parts = None,
    who: As = "manager:cli", data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Keep parts of a record, whatever was asked or decided about its erasure."""
    body = {**_named(child, mentor, recipient), "reason": reason, **({"classes": classes} if classes else {})}
    told = _sent(data, who, "holds", body)
    tell(told, as_json, f"hold {told['hold_id']}")


@erasure.command()
def lift(
    hold_id: Annotated[str, typer.Argument(help="The hold's id.")],
    who: As = "manager:cli", data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Lift a hold; what fell due meanwhile is erased at once."""
    tell(_sent(data, who, f"holds/{hold_id}/lift"), as_json, "lifted")


@erasure.command()
def holds(who: As = "auditor:cli", data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Legal holds, those that were lifted too."""
    show(_office(data, who).all("holds"), HELD, as_json, "no legal hold was placed")


@erasure.command()
def certificate(
    person: Annotated[str | None, typer.Option(help="The person's id; with --receipt.")] = None,
    receipt: Annotated[str | None, typer.Option(help="What was shown when the erasure was asked for.")] = None,
    who: As = "auditor:cli", data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Certificates of erasure: all, or the one of a person whose receipt you have. They name nobody."""
    if (person is None) != (receipt is None):
        raise typer.BadParameter("--person and --receipt go together: neither finds anything alone")
    asked = {"commitment": sha256(f"{receipt}:{person}".encode()).hexdigest()} if person else {}
    found = _office(data, who).all("certificates", asked)
    rows = [{**one["certificate"], **{name: one[name] for name in ("exact", "proof")}} for one in found]
    show(rows, ("erasure_id", "classes", "complete_at", "exact", "proof"), as_json, "no such certificate")
    if person and not found:
        raise typer.Exit(FAILED)


@erasure.command()
def replay(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Destroy again, in a keyring restored from a backup, every key that the records say was destroyed."""
    at = replaying.place(data)
    if at is None:
        typer.echo(f"nothing runs on {data}, and the environment names no database and keyring", err=True)
        raise typer.Exit(NOTHING_RUNS)
    done = asyncio.run(replaying.replay(at))
    text = (
        f"{done.erasures} erasures: {done.destroyed} keys destroyed again, {done.already} parts were already"
    )
    tell({"erasures": done.erasures, "destroyed": done.destroyed, "already": done.already}, as_json, text)


def _office(data: Path, who: str) -> Asked:
    return one_as(data, "audit", who, under="/records", example="manager:dawn")


def _sent(data: Path, who: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    asked = _office(data, who).commanding()
    told: dict[str, Any] = asked.post(path, body)
    # Whoever looks next, in this verb or another, sees what was done.
    asked.client.headers["Alongside-After"] = f"audit:{told['position']}"
    asked.get(path.partition("/")[0], limit=1)
    return told


def _status(data: Path, who: str, erasure_id: str, as_json: bool) -> None:
    found = _office(data, who).get(f"erasures/{erasure_id}")
    lines = [f"{found['stage']}: {found['kind']} {found['person_id']}"]
    for decided in found["decisions"]:
        until = f" until {decided['until']}" if decided["until"] else ""
        why = f" ({decided['why']}{until})" if decided["why"] else ""
        lines.append(f"  {decided['keep']}: {decided['outcome']}{why}")
    lines.append(f"  approved by: {', '.join(found['approved_by']) or 'nobody yet'}")
    if found["ordered_at"]:
        lines.append(f"  waiting for: {', '.join(found['waiting_for']) or 'nobody'}")
    tell(found, as_json, "\n".join(lines))


def _named(child: str | None, mentor: str | None, recipient: str | None) -> dict[str, str]:
    named = {"child_id": child, "mentor_id": mentor, "recipient_id": recipient}
    return {name: value for name, value in named.items() if value}
