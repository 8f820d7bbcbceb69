"""A report: issued once, and never changed after."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.audit.report import ReportIssued
from shared.kernel.decider import Decider


@dataclass(frozen=True, slots=True)
class Issue:
    """Put on record that this was given out."""

    report: ReportIssued


def decide(issued: bool, command: Issue) -> Sequence[ReportIssued]:
    return () if issued else (command.report,)


def evolve(_: bool, __: ReportIssued) -> bool:
    return True


report: Decider[bool, Issue] = Decider("report", False, decide, evolve)
