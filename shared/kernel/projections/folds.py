"""Facts through a projection's function into changes; what fails is parked with all that follows it."""

from collections.abc import Iterable
from typing import TypeAlias
from uuid import UUID

from shared.kernel.projection import Projection, RawProjection
from shared.kernel.projections.changes import Changes
from shared.kernel.projections.failing import told
from shared.kernel.projections.listening import Heard

AnyProjection: TypeAlias = Projection | RawProjection


def fold(
    projection: AnyProjection, facts: Iterable[Heard], changes: Changes, blocked: set[UUID]
) -> list[Heard]:
    """Take the rows of each fact into `changes`; the facts to park, whose streams join `blocked`."""
    parked: list[Heard] = []
    for fact in facts:
        if blocked and fact.stream in blocked:
            parked.append(fact.parked())
            continue
        error = fact.error
        if not error:
            try:
                changes.take(projection.project(*fact.arguments))
            except Exception as raised:
                error = told(raised, fact.arguments)
        if error:
            blocked.add(fact.stream)
            parked.append(fact.parked(error))
    return parked
