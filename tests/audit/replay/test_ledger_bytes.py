"""The ledger's bytes go into a replay in order and whole, or it is said what is wrong with them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from services.audit.ledger.formats.findings import Finding
from services.audit.main import service
from services.audit.replay import ledger_bytes
from services.audit.replay.ledger_bytes import NotAsItWas, NotThere, pieces, wait_until
from shared.contracts.assignments.child import ChildAccepted
from shared.kernel.migrations import migrate
from tests.audit.history import Happened, keep
from tests.support.examples import example

AT = datetime(2026, 9, 7, 9, tzinfo=UTC)


@pytest.fixture
async def kept(database_url: str) -> dict[tuple[str, int], bytes]:
    migrate(database_url, service.migrations)
    return await keep(
        database_url, [Happened(AT + timedelta(seconds=n), example(ChildAccepted)) for n in range(6)]
    )


def changed(database_url: str, statement: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(statement)


def read(database_url: str) -> list[Any]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        wait_until(connection, "assignments", 6)
        return list(pieces(connection, "assignments", 6))


def test_all_of_them_come_in_pieces_that_fit(
    database_url: str, kept: dict[tuple[str, int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_bytes, "AT_ONCE", 4)
    monkeypatch.setattr(ledger_bytes, "MOST_BYTES", 2 * len(kept["assignments", 1]) + 100)
    found = read(database_url)
    assert [len(piece) for piece in found] == [2, 2, 2]
    assert [(one.position, one.body) for piece in found for one in piece] == [
        (position, body) for (_, position), body in sorted(kept.items())
    ]


def test_what_is_altered_or_missing_is_named(
    database_url: str, kept: dict[tuple[str, int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(database_url, "UPDATE facts SET body = '{}' WHERE position = 4")
    with pytest.raises(NotAsItWas) as altered:
        read(database_url)
    assert (altered.value.finding, str(altered.value)) == (Finding.BLOB_EDITED, "BLOB EDITED: assignments/4")
    changed(database_url, "DELETE FROM facts WHERE position = 4")
    with pytest.raises(NotAsItWas) as missing:
        read(database_url)
    assert missing.value.finding is Finding.SEQ_GAP
    monkeypatch.setattr(ledger_bytes, "PATIENCE_SECONDS", 0)
    changed(database_url, "DELETE FROM facts WHERE position = 6")
    with pytest.raises(NotThere, match="the ledger has 5 facts"):
        read(database_url)
