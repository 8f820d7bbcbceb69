"""One table for each fact and version: the envelope, then the open fields."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from fnmatch import fnmatchcase
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson
import pyarrow as pa

import shared.contracts.all  # noqa: F401  (registers every contract)
from deploy.snapshots.columns import MOMENT, REQUIRED, Column, columns_of
from deploy.snapshots.leaving import leaves
from deploy.snapshots.manifest import Described
from deploy.snapshots.pseudonyms import Pseudonyms
from shared.contracts.fact import Contract, contracts
from shared.contracts.schema import as_text, schema_of
from shared.kernel.envelope import Envelope

ENVELOPE = (
    pa.field("position", pa.int64(), nullable=False),
    pa.field("recorded_at", MOMENT, nullable=False),
    pa.field("stream", pa.string(), nullable=False),
    pa.field("version", pa.int64(), nullable=False),
    pa.field("actor_role", pa.string(), nullable=False),
)
"""Position in the service's log; when it was recorded; of which aggregate, as its how manieth fact; by what role."""


class Unfit(Exception):
    """A fact does not fit its table, so nothing is written; the message names it."""


class NoSuchFacts(Exception):
    """What was asked for names no fact that may leave."""


@dataclass(frozen=True, slots=True)
class Table:
    """How facts of one contract become rows. `digest` names the version of the contract's schema."""

    topic: str
    schema: pa.Schema
    columns: Sequence[Column]
    left_out: dict[str, str]
    digest: str
    stream: Callable[[str], str]

    @property
    def described(self) -> tuple[Described, ...]:
        """The columns for a manifest."""
        defaults = {_free(column.name): column.default for column in self.columns}
        return tuple(
            Described(
                name=field.name,
                type=str(field.type),
                default=None if (default := defaults.get(field.name)) is REQUIRED else default,
            )
            for field in self.schema
        )

    def batch(self, facts: Iterable[tuple[int, Envelope]]) -> pa.RecordBatch:
        """The rows of these facts, in their order. Raises Unfit."""
        rows = [self._row(position, envelope) for position, envelope in facts]
        try:
            arrays = [
                pa.array(values, field.type)
                for values, field in zip(zip(*rows, strict=True), self.schema, strict=True)
            ]
        except (pa.ArrowInvalid, pa.ArrowTypeError) as wrong:
            raise Unfit(f"{self.topic} from position {rows[0][0]} on: {wrong}") from wrong
        return pa.record_batch(arrays, schema=self.schema)

    def _row(self, position: int, envelope: Envelope) -> list[Any]:
        data = orjson.loads(bytes(envelope.data))
        subject, actor = envelope.subject, envelope.actor
        row: list[Any] = [
            position,
            envelope.time.astimezone(UTC),
            self.stream(subject[subject.rindex("/") + 1 :]),
            envelope.streamversion,
            actor.partition(":")[0],
        ]
        for column in self.columns:
            value = data.get(column.name, column.default)
            if value is REQUIRED:
                raise Unfit(f"{self.topic} at position {position} lacks {column.name}")
            try:
                row.append(None if value is None else column.convert(value))
            except (TypeError, ValueError, ArithmeticError, AttributeError, KeyError) as wrong:
                raise Unfit(
                    f"{self.topic} at position {position}: {column.name} is no {column.type}"
                ) from wrong
        return row


def table_of(contract: Contract, under: Pseudonyms) -> Table:
    """The table of a contract, for a recipient."""
    columns, left_out = columns_of(contract, under)
    digest = sha256(as_text(schema_of(contract)).encode()).hexdigest()
    schema = pa.schema(
        [*ENVELOPE, *[pa.field(_free(column.name), column.type) for column in columns]],
        metadata={"alongside.fact": contract.topic, "alongside.schema": digest},
    )
    return Table(contract.topic, schema, columns, left_out, digest, under.of_id)


@lru_cache(16)
def tables_of(service: str, patterns: tuple[str, ...], under: Pseudonyms) -> Mapping[str, Table]:
    """The tables of a service's facts that leave and were asked for, by topic."""
    return {found.topic: table_of(found, under) for found in wanted(patterns) if found.service == service}


def wanted(patterns: Sequence[str]) -> list[Contract]:
    """The contracts that leave and match a pattern, such as `sessions.*`. Raises NoSuchFacts."""
    leaving = [found for found in contracts() if leaves(found)]
    for pattern in patterns:
        if not any(fnmatchcase(found.topic, pattern) for found in leaving):
            raise NoSuchFacts(f"no fact that may leave is called {pattern}; ./alongside schema ls names them")
    return [found for found in leaving if any(fnmatchcase(found.topic, one) for one in patterns)]


def known(service: str) -> frozenset[str]:
    """Every topic of a service that this program has a contract for."""
    return frozenset(found.topic for found in contracts() if found.service == service)


def _free(name: str) -> str:
    """A field with the name of a column of the envelope stands beside it under another."""
    return f"fact_{name}" if name in {field.name for field in ENVELOPE} else name
