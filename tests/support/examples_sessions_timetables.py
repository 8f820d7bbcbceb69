"""One valid example of every fact of calendars, timetables and pay periods."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from shared.contracts.fact import Fact
from shared.contracts.sessions.calendar import CalendarPublished, Closure, Term
from shared.contracts.sessions.pay_period import PayPeriodClosed, PayPeriodOpened, Total
from shared.contracts.sessions.timetable import Slot, TimetableEnded, TimetableExpanded, TimetableSet
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, MONDAY_NINE, SCHOOL, SUPPORT_BEGINS

TIMETABLE = uuid5(NAMESPACE_URL, "example:Ada's mornings with Grace")
CALENDAR = uuid5(NAMESPACE_URL, "example:2026/27 in London")
PERIOD = uuid5(NAMESPACE_URL, "example:September 2026")
CUT_OFF = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)

_WHOSE: dict[str, Any] = {
    "timetable_id": TIMETABLE,
    "assignment_id": ASSIGNMENT,
    "mentor_id": MENTOR,
    "child_id": CHILD,
    "school_id": SCHOOL,
}

EXAMPLES: tuple[Fact, ...] = (
    CalendarPublished(
        calendar_id=CALENDAR,
        scope="region",
        scope_key="uk-london",
        school_year=2026,
        terms=(
            Term(name="Autumn 1", starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 23)),
            Term(name="Autumn 2", starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 18)),
        ),
        closures=(Closure(on=date(2026, 9, 4), reason="inset_day"),),
        published_at=MONDAY_NINE - timedelta(days=90),
    ),
    TimetableSet(
        **_WHOSE,
        slots=(
            Slot(weekday="monday", starts="09:00", minutes=180),
            Slot(weekday="wednesday", starts="09:00", minutes=180),
        ),
        effective_from=SUPPORT_BEGINS,
        effective_until=None,
        time_zone="Europe/London",
        set_at=MONDAY_NINE - timedelta(days=7),
    ),
    TimetableExpanded(
        **_WHOSE,
        because="calendar_published",
        caused_by=CALENDAR,
        expanded_until=date(2026, 9, 28),
        next_at=MONDAY_NINE,
        expanded_at=MONDAY_NINE - timedelta(days=7),
    ),
    TimetableEnded(
        **_WHOSE,
        reason="assignment_ended",
        ended_on=date(2027, 7, 21),
        ended_at=datetime(2027, 7, 1, 10, 0, tzinfo=UTC),
    ),
    PayPeriodOpened(
        period_id=PERIOD,
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 9, 30),
        cut_off_at=CUT_OFF,
        opened_at=datetime(2026, 8, 24, 9, 0, tzinfo=UTC),
    ),
    PayPeriodClosed(
        period_id=PERIOD,
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 9, 30),
        cut_off_at=CUT_OFF,
        totals=(
            Total(kind="contact", lines=8, minutes=1400),
            Total(kind="chargeable_cancellation", lines=1, minutes=180),
        ),
        counted_to=4711,
        unresolved=0,
        closed_at=datetime(2026, 10, 5, 15, 0, tzinfo=UTC),
    ),
)
