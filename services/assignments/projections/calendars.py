"""School calendars: on which days there is school."""

from collections.abc import Iterator

from shared.contracts.sessions.calendar import CalendarPublished
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def calendars(recorded: Recorded[CalendarPublished]) -> Iterator[Row]:
    """Every calendar as it was published last."""
    fact = recorded.fact
    told = fact.model_dump(mode="json", include={"terms", "closures"})
    plain = {"scope": fact.scope, "scope_key": fact.scope_key, "school_year": fact.school_year}
    yield Put("calendars", {"calendar_id": fact.calendar_id}, {**plain, **told})


CALENDARS = Projection("calendars", (CalendarPublished,), ("calendars",), calendars)
