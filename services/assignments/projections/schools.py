"""The schools of the register."""

from collections.abc import Iterator

from services.assignments.domain.school import SchoolFact
from shared.contracts.assignments.school import SchoolDetailsChanged, SchoolRegistered
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def schools(recorded: Recorded[SchoolFact]) -> Iterator[Row]:
    """Every school as the register last told of it."""
    details = dict(recorded.fact)
    yield Put("schools", {"school_id": details.pop("school_id")}, details)


SCHOOLS = Projection("schools", (SchoolRegistered, SchoolDetailsChanged), ("schools",), schools)
