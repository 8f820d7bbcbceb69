"""What seeding shows while it goes on, and its figures at the end."""

from dataclasses import asdict
from typing import Any

from rich.progress import Progress, TaskID
from rich.table import Table

from deploy.seed.agency import Agency
from deploy.seed.catching_up import CaughtUp
from deploy.seed.catching_up import Progress as Left
from deploy.seed.sowing import Sown


class Bars:
    """One progress bar for each thing that takes its time."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._most = 1

    def told(self, done: int, of: int, facts: int) -> None:
        self._show("facts", done, of, f"{facts:>12,} facts written")

    def rebuilt(self, what: str, done: int, of: int) -> None:
        self._show(what, done, of, f"{done:>12,} {what}")

    def left(self, found: Left) -> None:
        left = max(found.facts, 0) + max(found.relay, 0)
        self._most = max(self._most, left)
        self._show("left", self._most - left, self._most, f"{left:>12,} to apply {found.slowest}")

    def _show(self, what: str, done: int, of: int, text: str) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=of)
        self._progress.update(self._tasks[what], completed=done, total=of, description=text)


def document_of(
    agency: Agency,
    sown: Sown,
    written: float,
    rebuilt: dict[str, float],
    caught: CaughtUp,
    seconds: float,
) -> dict[str, Any]:
    making = sown.seconds["made and copied"]
    return {
        "seeded": True,
        "scale": agency.scale.name,
        "seed": agency.seed,
        "region": agency.region,
        "from": str(agency.opens_on),
        "until": str(agency.until),
        "facts": sown.total,
        "bytes": sum(sown.bytes.values()),
        "claims": sum(sown.claims.values()),
        "keys": sown.keys,
        "services": {
            service: {
                "facts": sown.facts[service],
                "bytes": sown.bytes[service],
                "claims": sown.claims[service],
            }
            for service in sorted(sown.facts)
        },
        "phases": sown.seconds,
        "facts_per_second": round(sown.total / max(making, 0.001)),
        "stores_hold_them_after": round(written, 1),
        "rebuilt": rebuilt,
        "caught_up": asdict(caught),
        "read_models_have_them_after": round(seconds, 1),
        "seconds": round(seconds, 1),
    }


def tables(document: dict[str, Any]) -> list[Table]:
    of = Table("service", "facts", "MB", "claims", title=f"seeded: {document['scale']}, {document['seed']}")
    for service, found in document["services"].items():
        of.add_row(service, f"{found['facts']:,}", f"{found['bytes'] / 1e6:,.1f}", f"{found['claims']:,}")
    of.add_row(
        "together", f"{document['facts']:,}", f"{document['bytes'] / 1e6:,.1f}", f"{document['claims']:,}"
    )
    when = Table("until", "seconds", "facts/s")
    facts = document["facts"]

    def row(what: str, seconds: float) -> None:
        when.add_row(what, f"{seconds:,.1f}", f"{facts / max(seconds, 0.001):,.0f}")

    row("made and copied", document["phases"]["made and copied"])
    row("the stores hold them", document["stores_hold_them_after"])
    for what, seconds in document["rebuilt"].items():
        when.add_row(f"  rebuilt {what}", f"{seconds:,.1f}", "")
    row("the read models have them", document["read_models_have_them_after"])
    when.add_row("parked", str(document["caught_up"]["parked"]), "")
    return [of, when]
