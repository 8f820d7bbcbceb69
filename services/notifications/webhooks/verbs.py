"""./alongside webhooks: endpoints, their deliveries, and having facts sent again."""

import json
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from shared.kernel.projections.asking import DEFAULT_DATA, As, AsJson, Asked, Data, one_as, show, tell

webhooks = typer.Typer(
    help="Facts sent to addresses outside: endpoints, deliveries, and what is sent again.",
    no_args_is_help=True,
    add_completion=False,
)

Id = Annotated[str, typer.Argument(help="The endpoint's id.")]
Since = Annotated[str | None, typer.Option(help="Recorded then or later, such as 2026-09-01T00:00:00Z.")]
Until = Annotated[str | None, typer.Option(help="And before then.")]
Topic = Annotated[str | None, typer.Option("--fact", help="The fact's topic.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only count.")]
WHO = "operator:cli"
COLUMNS = ("endpoint_id", "owner", "url", "facts", "stands", "why", "failures", "taken_at")
DELIVERIES = ("delivery_id", "endpoint_id", "topic", "state", "attempt", "status", "error", "next_at")


@webhooks.command()
def add(
    url: Annotated[str, typer.Argument(help="https, at an address of the public internet.")],
    facts: Annotated[str, typer.Option(help="Topics, separated by commas; sessions.* for open ones.")],
    region: Annotated[list[str] | None, typer.Option(help="Only its facts; repeat it. Default: all.")] = None,
    ordered: Annotated[bool, typer.Option(help="Each waits until the one before was taken.")] = False,
    owner: Annotated[str | None, typer.Option(help="An integrator's name; default: agency.")] = None,
    who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Send facts to an address from now on. The secret is shown this once."""
    body: dict[str, Any] = {"url": url, "facts": facts.split(","), "ordered": ordered}
    body |= {"regions": region or []} | ({"owner": owner} if owner else {})
    told = _sent(data, who, "webhooks", body)
    lines = [f"endpoint {told['endpoint_id']}", f"secret {told['secret']} (kept nowhere)"]
    tell(told, as_json, "\n".join([*lines, *told["warnings"]]))


@webhooks.command()
def ls(
    owner: Annotated[str | None, typer.Option(help="An integrator's name, or agency.")] = None,
    who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Every endpoint, and how it does."""
    found = _asked(data, who).all("webhooks", {"owner": owner}, most=10_000)
    if not as_json:
        found = [one | {"facts": len(one["facts"])} for one in found]
    show(found, COLUMNS, as_json, "no endpoint was added; ./alongside webhooks add")


@webhooks.command("show")
def show_(endpoint_id: Id, who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """One endpoint: what is sent, how it does, how many deliveries stand how."""
    found = _asked(data, who).get(f"webhooks/{quote(endpoint_id)}")
    text = "\n".join(f"{name}: {value}" for name, value in found.items() if value not in (None, [], {}))
    tell(found, as_json, text)


@webhooks.command("test")
def send_test(endpoint_id: Id, who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Send a signed alongside.test event."""
    told = _sent(data, who, f"webhooks/{quote(endpoint_id)}/test")
    tell(told, as_json, f"event {told['event_id']} is on its way; ./alongside webhooks deliveries")


@webhooks.command()
def deliveries(
    delivery_id: Annotated[int | None, typer.Argument(help="Only this one, with every attempt.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="Only to this endpoint.")] = None,
    state: Annotated[str | None, typer.Option(help="waiting, taken, failed or dropped.")] = None,
    topic: Topic = None, since: Since = None, until: Until = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, the last first.")] = 50,
    who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """What is on its way, what was taken, what was not; of one delivery every attempt."""
    asked = _asked(data, who)
    if delivery_id is not None:
        found = asked.get(f"webhooks/deliveries/{delivery_id}")
        tell(found, as_json, json.dumps(found, indent=1))
        return
    query = {"endpoint_id": endpoint, "state": state, "topic": topic, "since": since, "until": until}
    show(asked.all("webhooks/deliveries", query, most=limit), DELIVERIES, as_json, "nothing was sent")


@webhooks.command()
def redeliver(
    which: Annotated[str, typer.Argument(help="A delivery's number, or an endpoint's id for those of a filter.")],
    state: Annotated[
        list[str] | None, typer.Option(help="failed, dropped, taken; repeat it. Default: the first two.")
    ] = None,
    topic: Topic = None, since: Since = None, until: Until = None, dry_run: DryRun = False,
    who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Send one delivery again, or those of an endpoint that match."""
    if which.isdecimal():
        if dry_run or state or topic or since or until:
            raise typer.BadParameter("a filter is of an endpoint: name that instead of one delivery")
        told = _sent(data, who, f"webhooks/deliveries/{which}/redeliver")
    else:
        body: dict[str, Any] = {"topic": topic, "since": since, "until": until, "dry_run": dry_run}
        body |= {"states": state} if state else {}
        told = _sent(data, who, f"webhooks/{quote(which)}/redeliver", body)
    tell(told, as_json, f"{told['queued']} {'would be' if dry_run else 'are'} sent again")


@webhooks.command()
def recover(
    endpoint_id: Id,
    since: Annotated[str, typer.Option(help="Recorded then or later, such as 2026-09-01T00:00:00Z.")],
    before_added: Annotated[
        bool, typer.Option("--before-added", help="Also facts from before the endpoint was added.")
    ] = False,
    dry_run: DryRun = False, who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Send whatever failed since a time, or was never queued."""
    body = {"since": since, "before_added": before_added, "dry_run": dry_run}
    told = _sent(data, who, f"webhooks/{quote(endpoint_id)}/recover", body)
    how = "would be" if dry_run else "are"
    tell(told, as_json, f"{told['failed']} {how} sent again, {told['missing']} {how} sent that never were")


@webhooks.command()
def rotate(endpoint_id: Id, who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Sign with a new secret, shown this once; the one before signs along for a day."""
    told = _sent(data, who, f"webhooks/{quote(endpoint_id)}/rotate")
    tell(told, as_json, f"secret {told['secret']} (kept nowhere)")


@webhooks.command()
def enable(endpoint_id: Id, who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Send there again, at once what waits."""
    tell(_sent(data, who, f"webhooks/{quote(endpoint_id)}/enable"), as_json, "enabled")


@webhooks.command()
def disable(endpoint_id: Id, who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Send nothing there for now."""
    tell(_sent(data, who, f"webhooks/{quote(endpoint_id)}/disable"), as_json, "disabled")


@webhooks.command()
def remove(endpoint_id: Id, who: As = WHO, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """It is no endpoint any more."""
    asked = _asked(data, who).commanding()
    tell(asked.delete(f"webhooks/{quote(endpoint_id)}"), as_json, "removed")


def _asked(data: Path, who: str) -> Asked:
    return one_as(data, "notifications", who, under="", example="operator:olu")


def _sent(data: Path, who: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    asked = _asked(data, who).commanding()
    told: dict[str, Any] = asked.post(path, body)
    return told
