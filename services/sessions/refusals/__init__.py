"""Why something is refused, and what to do next: a module for each matter."""

from services.sessions.refusals.session import REFUSALS as SESSION
from services.sessions.refusals.timetables import REFUSALS as TIMETABLES

REFUSALS: dict[str, str] = {**SESSION, **TIMETABLES}
