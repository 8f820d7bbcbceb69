"""Findings, kept: each once, those about neighbouring facts as one, and never taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from psycopg import AsyncConnection

from services.audit.ledger.formats.findings import Finding

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Noted:
    """Something wrong with a fact, or with the ledger itself (then without source, at position 0)."""

    finding: Finding
    source: str = ""
    position: int = 0
    until: int = 0
    index: int | None = None
    detail: str = ""

    def __str__(self) -> str:
        where = f" @{self.source}/{self.position}" if self.source else ""
        where += f"-{self.until}" if self.until > self.position else ""
        at = "" if self.index is None else f" (index {self.index})"
        return f"{self.finding}{where}{at}{': ' if self.detail else ''}{self.detail}"


def joined(found: Iterable[Noted]) -> list[Noted]:
    """Neighbours of one kind and source as one finding."""
    result: list[Noted] = []
    for each in sorted(found, key=lambda one: (one.finding, one.source, one.position)):
        last = result[-1] if result else None
        same = last and (last.finding, last.source, last.detail) == (each.finding, each.source, each.detail)
        if last and same and each.position == max(last.until, last.position) + 1:
            until = max(each.until, each.position)
            result[-1] = Noted(each.finding, each.source, last.position, until, last.index, each.detail)
        else:
            result.append(each)
    return result


async def note(connection: AsyncConnection[Any], found: Iterable[Noted], say: bool = True) -> None:
    """Keep these findings, in the caller's transaction if there is one; `say` in the log what is new."""
    for each in joined(found):
        until = max(each.until, each.position)
        cursor = await connection.execute(
            "UPDATE ledger_findings SET until_position = greatest(until_position, %(until)s) "
            "WHERE finding = %(finding)s AND source = %(source)s AND detail = %(detail)s "
            "AND position <= %(position)s AND until_position >= %(position)s - 1",
            {**_row(each), "until": until},
        )
        if cursor.rowcount:
            continue
        cursor = await connection.execute(
            "INSERT INTO ledger_findings (finding, source, position, until_position, index, detail) "
            "VALUES (%(finding)s, %(source)s, %(position)s, %(until)s, %(index)s, %(detail)s) "
            "ON CONFLICT DO NOTHING",
            {**_row(each), "until": until},
        )
        if cursor.rowcount and say:
            log.error("finding", finding=each.finding, where=str(each))


def _row(each: Noted) -> dict[str, Any]:
    return {
        "finding": str(each.finding),
        "source": each.source,
        "position": each.position,
        "index": each.index,
        "detail": each.detail,
    }
