"""A long history of one region, made up by PostgreSQL from one fact of each kind: years of sessions and their news."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.child import ChildAccepted, ChildActivated
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.eligibility import CLEARANCES, TRACKS
from shared.contracts.fact import Fact, contract_of
from shared.contracts.notifications.notification import NotificationRequested, NotificationSent
from shared.contracts.sessions.session import SessionFinished, SessionScheduled, SessionStarted
from shared.contracts.sessions.session_approval import SessionApproved
from shared.contracts.sessions.session_log import SessionLogged
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.clearance import ClearanceRecorded
from shared.contracts.training.standing import MentorCleared
from tests.audit.history import stored
from tests.support.examples import example
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, SESSION

BEGAN = datetime(2024, 9, 2, 8, tzinfo=UTC)
SETTLED_DAYS = 40
"""Before the first session."""
CHILDREN_PER_MILLION = 250
DAILY: tuple[type[Fact], ...] = (
    SessionScheduled,
    SessionStarted,
    SessionFinished,
    SessionLogged,
    SessionApproved,
    NotificationRequested,
    NotificationSent,
)
_LETTERS = {"child": "c", "mentor": "d", "assignment": "e", "session": "f"}
_EXAMPLES = {"child": CHILD, "mentor": MENTOR, "assignment": ASSIGNMENT, "session": SESSION}


@dataclass(frozen=True, slots=True)
class Sown:
    """One kind of fact for every child, `times` times: as the `nth` of `of` facts of its service each time."""

    fact: Fact
    nth: int
    of: int
    after: int
    times: int = 1

    @property
    def source(self) -> str:
        return contract_of(self.fact).service


def id_of(number: int, kind: str = "child") -> UUID:
    """The id of the child of this number, or of what belongs to it."""
    return UUID(f"00000000-0000-7000-8000-{_LETTERS[kind]}{number:011x}")


def made_up(connection: psycopg.Connection[Any], facts: int) -> dict[str, int]:
    """Fill the ledger; how much there is."""
    children = max(4, facts * CHILDREN_PER_MILLION // 1_000_000)
    first = _firsts()
    days = max(1, (facts - children * len(first)) // (children * len(DAILY)))
    connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
    indexes = _without_indexes(connection)
    for sown in (*_numbered(first, 0, 1, children), *_numbered(_daily(), len(first), days, children)):
        _sow(connection, sown, children)
    connection.execute(
        "INSERT INTO supports SELECT f.stream, c.subject_id, m.subject_id, f.recorded_at, f.recorded_at "
        "FROM facts f "
        "JOIN concerns c ON (c.source, c.position, c.kind) = (f.source, f.position, 'child') "
        "JOIN concerns m ON (m.source, m.position, m.kind) = (f.source, f.position, 'mentor') "
        "WHERE f.source = 'assignments' AND f.type = 'assignments.MentorAssigned.v1'"
    )
    for statement in indexes:
        connection.execute(statement)
    for table in ("facts", "concerns", "supports"):
        connection.execute(f"VACUUM ANALYZE {table}")
    row = connection.execute(
        "SELECT count(*), avg(length(body))::int, (SELECT count(*) FROM concerns) FROM facts"
    ).fetchone()
    assert row is not None
    return {
        "facts": row[0],
        "bytes_per_fact": row[1],
        "concerns": row[2],
        "children": children,
        "days": days + SETTLED_DAYS,
    }


def _firsts() -> list[Fact]:
    """What is on record of each child and its mentor before the first session: everything in date for good."""
    when = BEGAN.date()
    papers = {"issued_on": when, "recheck_due_on": None, "last_status_check_on": None}
    return [
        example(ChildAccepted).model_copy(update={"accepted_on": when}),
        example(ChildActivated).model_copy(update={"activated_on": when}),
        example(MentorEngaged).model_copy(update={"engaged_on": when}),
        example(MentorAssigned).model_copy(update={"effective_until": None, "days": None, "role": "primary"}),
        *(example(ClearanceRecorded).model_copy(update={"kind": kind, **papers}) for kind in CLEARANCES),
        *(
            example(CertificationGranted).model_copy(
                update={
                    "track": track,
                    "certification_id": UUID(int=n),
                    "valid_from": when,
                    "valid_until": None,
                }
            )
            for n, track in enumerate(TRACKS)
        ),
        example(MentorCleared).model_copy(update={"cleared_on": when}),
    ]


def _daily() -> list[Fact]:
    about = {"child_id": CHILD, "mentor_id": MENTOR, "session_id": SESSION}
    found = []
    for kind in DAILY:
        known = {name: value for name, value in about.items() if name in kind.model_fields}
        found.append(example(kind).model_copy(update=known))
    return found


def _numbered(facts: list[Fact], before: int, times: int, children: int) -> list[Sown]:
    """Each with its place among those of its service; they come after all that the service had before."""
    earlier = _firsts() if before else []
    found = []
    for fact in facts:
        same = [one for one in facts if contract_of(one).service == contract_of(fact).service]
        had = sum(contract_of(one).service == contract_of(fact).service for one in earlier)
        nth = next(n for n, one in enumerate(same) if one is fact)
        found.append(Sown(fact, nth, len(same), had * children, times))
    return found


def _sow(connection: psycopg.Connection[Any], sown: Sown, children: int) -> None:
    contract = contract_of(sown.fact)
    daily = contract.model in DAILY
    text = "replace(%(body)s, '2026-09-07', to_char(at, 'YYYY-MM-DD'))"
    for kind, example_of in _EXAMPLES.items():
        text = f"replace({text}, '{example_of}', {_id(kind)})"
    own = contract.aggregate if contract.aggregate in _LETTERS else "session" if daily else "mentor"
    values = {
        "body": stored(sown.fact, BEGAN).decode(),
        "children": children,
        "begins": BEGAN + timedelta(days=SETTLED_DAYS if daily else 0, hours=sown.nth),
        "of": sown.of,
        "nth": sown.nth,
        "after": sown.after,
        "last": children * sown.times - 1,
        "source": sown.source,
        "type": contract.topic,
        "aggregate": contract.aggregate,
    }
    place = "%(after)s + n * %(of)s + %(nth)s + 1"
    made = """FROM (SELECT n, n %% %(children)s AS c, %(begins)s::timestamptz + n / %(children)s * interval '1 day'
                           + n %% %(children)s * interval '1 second' AS at
                    FROM generate_series(0, %(last)s::bigint) n) made"""
    connection.execute(
        f"""INSERT INTO facts (source, position, id, type, aggregate, stream, version, recorded_at,
                               correlation_id, causation_id, actor, sha256, body)
            SELECT %(source)s, {place}, gen_random_uuid(), %(type)s, %(aggregate)s, ({_id(own)})::uuid,
                   %(nth)s + 1, at, 'c-' || c, '', 'coordinator:ruth', '', convert_to({text}, 'UTF8') {made}""",
        values,
    )
    kinds = dict.fromkeys((contract.aggregate, *contract.concerns.values()))
    for kind in (kind for kind in kinds if kind in _LETTERS):
        connection.execute(
            f"""INSERT INTO concerns (kind, subject_id, source, position, recorded_at, about_child)
                SELECT '{kind}', ({_id(kind)})::uuid, %(source)s, {place}, at, {"child" in kinds} {made}""",
            values,
        )


def _id(kind: str) -> str:
    """SQL of the id as text: of a session by the number of the row, of others by that of the child."""
    number = "n" if kind == "session" else "c"
    return f"'00000000-0000-7000-8000-{_LETTERS[kind]}' || lpad(to_hex({number}), 11, '0')"


def _without_indexes(connection: psycopg.Connection[Any]) -> list[str]:
    """Take them away until the tables are full; the statements that make them again."""
    rows = connection.execute(
        "SELECT indexdef, indexname FROM pg_indexes i WHERE tablename IN ('facts', 'concerns') "
        "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = i.indexname)"
    ).fetchall()
    for _, name in rows:
        connection.execute(f"DROP INDEX {name}")
    return [str(statement) for statement, _ in rows]
