"""What has to hold of any history of a session, whatever was asked of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.sessions.domain.log_commands import Log
from shared.contracts.fact import Fact
from shared.contracts.sessions.ladder import LogOverdue, SessionMissed, SessionOverdue
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionFinished,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionApproved, SessionLocked, SessionReturned
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogDrafted, SessionLogged
from tests.sessions.commands import READY, STARTS, SUPPORT

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CUT_OFF = STARTS + 250 * HOUR


@dataclass
class Told:
    """The history of one session, and with which command each fact came about."""

    facts: list[Fact] = field(default_factory=list)
    commands: list[Any] = field(default_factory=list)

    def of(self, kind: type[Fact]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def plan(self) -> Any:
        return self.of(SessionScheduled)[0] if len(self.facts) else None


def keeps_the_rules(told: Told) -> None:
    """Every fact of the history was allowed when it came about."""
    plan, final, log, paid, amendments = told.plan(), False, None, 0, 0
    standing, wanted_since, overdue = True, None, set[int]()
    for fact, command in zip(told.facts, told.commands, strict=True):
        assert standing or isinstance(fact, SessionVoided) is False
        match fact:
            case SessionRescheduled():
                plan = plan.model_copy(update={"starts_at": fact.starts_at, "ends_at": fact.ends_at})
                assert fact.starts_at > command.at
                overdue = set()
            case SessionStarted(started_at=started_at):
                assert (command.support, command.evidence) == (SUPPORT, READY)
                assert started_at <= command.at
                assert started_at < plan.ends_at
                assert fact.after_missed == bool(told.of(SessionMissed))
                assert command.by_office or not fact.after_missed
                wanted_since = plan.ends_at
            case SessionOverdue(minutes=step):
                assert command.at >= plan.starts_at + step * MINUTE
                assert step not in overdue
                overdue.add(step)
            case SessionMissed():
                assert command.at >= plan.ends_at
                assert wanted_since is None
            case LogOverdue(hours=hours):
                assert wanted_since is not None
                assert command.at >= wanted_since + hours * HOUR
            case SessionLogged():
                assert isinstance(command, Log)
                assert command.support == SUPPORT
                assert wanted_since is not None
                assert not final
                assert fact.activities
                assert "whole_class" not in fact.activities
                assert plan.starts_at <= fact.logged_at < CUT_OFF
                assert 0 <= fact.contact_minutes <= 75
                assert fact.late == (fact.logged_at > wanted_since + 48 * HOUR)
                assert fact.late_reason or fact.logged_at <= wanted_since + 72 * HOUR
                log = fact
            case SessionReturned(returned_at=returned_at):
                assert not final
                wanted_since = returned_at
            case SessionApproved():
                assert log is not None
                assert fact.approved_by != log.logged_by
                assert fact.contact_minutes == log.contact_minutes
            case SessionLocked():
                assert not final
                assert log is not None
                final, paid = True, log.contact_minutes
            case SessionAmended():
                assert final or command.at >= CUT_OFF
                assert (fact.number, fact.contact_minutes_before) == (amendments + 1, paid)
                assert "whole_class" not in fact.activities
                final, paid, amendments = True, fact.contact_minutes, fact.number
            case SessionVoided():
                assert fact.contact_minutes_before == paid
                standing = False
            case SessionCancelled():
                assert wanted_since is None
                standing = False
            case SessionLogDrafted():
                assert not final
            case _:
                assert isinstance(fact, SessionScheduled | SessionFinished | RoleBoundaryBreached)
