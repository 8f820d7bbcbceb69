"""What an audit found: for people, and for programs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.audit.bundle.manifest import Manifest
from services.audit.ledger.formats.findings import Finding, exit_code

MOST_SHOWN = 20
"""Of each kind: the first ones are kept in words, the others are counted."""


@dataclass(frozen=True)
class Found:
    """One finding: what, where (`@17` is leaf 17 of the ledger), and in words."""

    finding: Finding
    place: str
    detail: str

    def __str__(self) -> str:
        return f"{self.finding} {self.place}"


@dataclass
class Report:
    """Grows while the bundle is read."""

    found: list[Found] = field(default_factory=list)
    counts: Counter[Finding] = field(default_factory=Counter)
    manifest: Manifest | None = None
    checkpoint: bytes = b""
    facts: int = 0
    withheld: int = 0
    certificates: int = 0
    cosigners: Mapping[str, str] = field(default_factory=dict)
    own_policy: bool = True
    own_producers: bool = True
    pinned: int | None = None
    pin_from_bundle: bool = True
    wrong_use: str | None = None
    """Why nothing can be said about what was asked, though the bundle may be in order."""

    def add(self, finding: Finding, place: str | int, detail: str) -> None:
        """A place that is a number is a leaf of the ledger."""
        self.counts[finding] += 1
        if self.counts[finding] <= MOST_SHOWN:
            self.found.append(Found(finding, f"@{place}", detail))

    @property
    def ok(self) -> bool:
        return not self.counts and self.wrong_use is None

    @property
    def exit_code(self) -> int:
        """0 when all is well, 2 when the question was wrong, else that of the gravest finding."""
        return exit_code(self.counts) or (2 if self.wrong_use else 0)

    def as_json(self) -> Mapping[str, Any]:
        told = self.manifest
        return {
            "ok": self.ok,
            "exit_code": self.exit_code,
            "findings": [
                {"finding": one.finding.value, "place": one.place, "detail": one.detail} for one in self.found
            ],
            "counts": {finding.value: count for finding, count in sorted(self.counts.items())},
            "wrong_use": self.wrong_use,
            "checkpoint": told and {"origin": told.origin, "size": told.size, "root": told.root},
            "cosigners": dict(self.cosigners),
            "asked": told and vars(told.asked),
            "leaves": None if told is None or told.begin is None else [told.begin, told.end],
            "facts": self.facts,
            "withheld": self.withheld,
            "certificates": self.certificates,
            "positions": {name: vars(span) for name, span in told.positions.items()} if told else {},
            "pin": self.pinned,
            "proved": self.proved(),
            "not_proved": self.not_proved(),
        }

    def proved(self) -> list[str]:
        """What holds when nothing was found."""
        told = self.manifest
        if not self.ok or told is None:
            return []
        whose = "the policy inside the bundle" if self.own_policy else "your policy"
        said = [
            f"{self.facts:,} facts are in the ledger {told.origin} of {told.size:,} leaves, byte for byte as "
            "their producers signed them",
            f"that ledger is the one cosigned by {_and(self.cosigners) or 'nobody'}, which is enough for {whose}",
        ]
        if self.pinned is not None:
            whose = "the earlier checkpoint inside the bundle" if self.pin_from_bundle else "your checkpoint"
            said.append(f"nothing of the first {self.pinned:,} leaves was changed since {whose}")
        if told.begin is not None:
            said.append(
                f"leaves {told.begin:,} to {(told.end or 0) - 1:,} are all there, and no position of any producer "
                "is left out between its first and last"
            )
        if self.certificates:
            said.append(
                f"certificates of erasure: {self.certificates:,}; what the services acknowledged is among the facts"
            )
        return said

    def not_proved(self) -> list[str]:
        """What no bundle of this kind can show, and what was taken on trust."""
        told = self.manifest
        said = []
        if told is not None and told.begin is None:
            said.append(
                f"that these are all the facts about this {told.asked.scope}: a leaf does not say whom a fact "
                "concerns. A region's bundle leaves nothing out"
            )
        if self.own_policy:
            said.append(
                "that the keys in the bundle are the right ones: bring the witnesses' policy with --policy"
            )
        if self.own_producers:
            said.append("that the producers' keys are theirs: bring them with --producers")
        if self.pinned is None:
            said.append("that the ledger still begins as it did when you last looked: bring that with --pin")
        if self.withheld:
            said.append(
                f"what {self.withheld:,} facts say: their bytes are withheld, only their digests are here"
            )
        return [*said, "that a producer's key was not stolen, and that what was recorded was true"]


def _and(names: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({at})" for name, at in names.items())
