"""From samples to medians, ratios and whether each target is met."""

from dataclasses import dataclass
from statistics import median

from bench.runner import Outcome
from bench.subject import AtLeast, Group, RateAtLeast, Role, Target, WithinMilliseconds


@dataclass(frozen=True)
class Figures:
    """A rate's median and range a second, or a time's p50 and p99 over all rounds in milliseconds."""

    middle: float
    least: float
    most: float
    p99: float | None = None


@dataclass(frozen=True)
class Verdict:
    """One target, said in words; `met` is None when it could not be judged."""

    met: bool | None
    text: str


def figures(outcome: Outcome) -> Figures | None:
    """None for a subject without samples."""
    if outcome.rates:
        return Figures(median(outcome.rates), min(outcome.rates), max(outcome.rates))
    if outcome.milliseconds:
        pooled = sorted(value for each in outcome.milliseconds for value in each)
        middles = [median(each) for each in outcome.milliseconds]
        return Figures(
            median(pooled), min(middles), max(middles), pooled[min(len(pooled) - 1, len(pooled) * 99 // 100)]
        )
    return None


def compared(ours: Outcome | None, other: Outcome) -> float | None:
    """How many times the other's rate ours is (for times: how many times the other's p50)."""
    mine, theirs = (figures(ours) if ours else None), figures(other)
    return mine.middle / theirs.middle if mine and theirs and ours is not other else None


def ours_of(outcomes: list[Outcome]) -> Outcome | None:
    return next((outcome for outcome in outcomes if outcome.subject.role is Role.OURS), None)


def verdicts(group: Group, outcomes: list[Outcome]) -> list[Verdict]:
    """Each target of the group, judged."""
    ours = ours_of(outcomes)
    mine = figures(ours) if ours else None
    if ours is None or mine is None:
        reason = (ours.skipped or ours.failed or "no samples") if ours else "nothing of ours here"
        return [Verdict(None, f"{_asked(target)}: {reason}") for target in group.targets]
    return [_judge(target, group, outcomes, mine) for target in group.targets]


def _judge(target: Target, group: Group, outcomes: list[Outcome], mine: Figures) -> Verdict:
    match target:
        case RateAtLeast(wanted):
            return _against(_asked(target, group.unit), mine.middle, wanted, unit=group.unit)
        case WithinMilliseconds(p50, p99):
            late = max(mine.middle / p50, (mine.p99 or mine.middle) / p99)
            said = f"{_asked(target)}: p50 {mine.middle:.1f}, p99 {mine.p99 or 0:.1f} ms"
            return Verdict(late <= 1, said if late <= 1 else f"{said}; {late - 1:.0%} too slow")
        case AtLeast(share, reference):
            role = Role.LIMIT if reference == "limit" else Role.PEER
            found = [
                (found.middle, outcome.subject.name)
                for outcome in outcomes
                if outcome.subject.role is role and outcome.subject.name not in group.aside
                if (found := figures(outcome))
            ]
            if not found:
                return Verdict(None, f"{_asked(target)}: no {reference} ran here")
            best, name = max(found)
            return _against(f"{_asked(target)} ({name}, {best:,.0f}/s)", mine.middle, share * best, best)


def _against(
    asked: str, got: float, wanted: float, reference: float | None = None, unit: str = "/s"
) -> Verdict:
    said = f"{asked}: {got / reference:.2f}x" if reference else f"{asked}: {got:,.0f} {unit}"
    return Verdict(True, said) if got >= wanted else Verdict(False, f"{said}; {1 - got / wanted:.0%} short")


def _asked(target: Target, unit: str = "/s") -> str:
    match target:
        case RateAtLeast(per_second):
            return f">= {per_second:,.0f} {unit}"
        case WithinMilliseconds(p50, p99):
            return f"p50 <= {p50:g} ms and p99 <= {p99:g} ms"
        case AtLeast(share, reference):
            return f">= {share:g}x the {reference}"
