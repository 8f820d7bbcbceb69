"""The pay periods of a region, one after the other: opened, and closed in their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from shared.contracts.sessions.pay_period import PayPeriodClosed, PayPeriodOpened, Total
from shared.kernel.decider import Decider, Refused

_PAYROLLS = UUID("708f25b5-1cf8-5fa1-87d7-41759b8b5b7b")
LONGEST = timedelta(days=62)
"""Of one period: two months."""
NAMED = 20
"""So many unresolved sessions a refusal names."""

PayFact: TypeAlias = PayPeriodOpened | PayPeriodClosed


def payroll_id(region: str) -> UUID:
    """One stream for all pay periods of a region: a handful a year, and each depends on the one before."""
    return uuid5(_PAYROLLS, region)


def period_id(region: str, starts_on: date) -> UUID:
    """The same for the same first day."""
    return uuid5(payroll_id(region), starts_on.isoformat())


@dataclass(frozen=True, slots=True)
class Open:
    """These days, both included, are paid and billed together."""

    period_id: UUID
    starts_on: date
    ends_on: date
    cut_off_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """What a period comes to when facts up to `position` are counted in. `unresolved` names some of them."""

    totals: tuple[Total, ...]
    position: int
    unresolved: int
    examples: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Close:
    """Settle the period. `force_reason` says why, when sessions are unresolved or the cut-off has not come."""

    period_id: UUID
    counted: Counted
    force_reason: str | None
    at: datetime


Command: TypeAlias = Open | Close


@dataclass(frozen=True, slots=True)
class Payroll:
    """The periods in the order of their days, and which of them are closed."""

    periods: tuple[PayPeriodOpened, ...] = ()
    closed: frozenset[UUID] = frozenset()


def decide(state: Payroll, command: Command) -> Sequence[PayFact]:
    match command:
        case Open():
            return _open(state, command)
        case Close():
            return _close(state, command)


def evolve(state: Payroll, fact: PayFact) -> Payroll:
    match fact:
        case PayPeriodOpened():
            periods = sorted((*state.periods, fact), key=lambda period: period.starts_on)
            return replace(state, periods=tuple(periods))
        case PayPeriodClosed():
            return replace(state, closed=state.closed | {fact.period_id})


payroll: Decider[Payroll, Command] = Decider("pay_period", Payroll(), decide, evolve)


def _open(state: Payroll, command: Open) -> Sequence[PayFact]:
    starts_on, ends_on = command.starts_on, command.ends_on
    opened = PayPeriodOpened(
        period_id=command.period_id,
        starts_on=starts_on,
        ends_on=ends_on,
        cut_off_at=command.cut_off_at,
        opened_at=command.at,
    )
    for period in state.periods:
        if _plan(period) == _plan(opened):
            return ()
        if starts_on <= period.ends_on and period.starts_on <= ends_on:
            message = (
                f"The period {period.starts_on} to {period.ends_on} has some of these days; choose others."
            )
            raise Refused("periods_overlap", message)
        if starts_on < period.starts_on and period.period_id in state.closed:
            message = f"The period from {period.starts_on} is closed; open one that comes after it."
            raise Refused("period_before_closed", message)
    if not starts_on <= ends_on <= starts_on + LONGEST:
        raise Refused("invalid_ends_on", "A period ends on or after its first day, within two months.")
    if command.cut_off_at < _after(ends_on):
        raise Refused("invalid_cut_off_at", "The cut-off comes after the period's last day.")
    return (opened,)


def _close(state: Payroll, command: Close) -> Sequence[PayFact]:
    period = next((found for found in state.periods if found.period_id == command.period_id), None)
    if period is None:
        raise Refused("period_unknown", "There is no such pay period; open it first.")
    if period.period_id in state.closed:
        return ()
    earlier = [found for found in state.periods if found.starts_on < period.starts_on]
    for before in earlier:
        if before.period_id not in state.closed:
            message = f"The period {before.starts_on} to {before.ends_on} is still open; close it first."
            raise Refused("earlier_period_open", message)
    if command.at < _after(period.ends_on):
        raise Refused("period_not_over", f"Its last day is {period.ends_on}; close it when that is over.")
    counted, reason = command.counted, (command.force_reason or "").strip() or None
    if reason is None and command.at < period.cut_off_at:
        message = f"Logs are taken in until {period.cut_off_at.isoformat()}; wait, or force it with a reason."
        raise Refused("before_cut_off", message)
    if reason is None and counted.unresolved:
        message = (
            f"{counted.unresolved} sessions of the period are not settled: have each logged and approved, "
            "cancelled or voided, or force the closing with a reason."
        )
        raise Refused("sessions_unresolved", message, items=counted.examples)
    return (
        PayPeriodClosed(
            period_id=period.period_id,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            cut_off_at=period.cut_off_at,
            totals=counted.totals,
            counted_to=counted.position,
            unresolved=counted.unresolved,
            force_reason=reason,
            closed_at=command.at,
        ),
    )


def _plan(period: PayPeriodOpened) -> tuple[date, date, datetime]:
    return period.starts_on, period.ends_on, period.cut_off_at


def _after(day: date) -> datetime:
    """The end of that day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)
