"""What the office of the whole agency does first: courses, the programme, calendars."""

from deploy.seed import derived
from deploy.seed.agency import COURSES
from deploy.seed.becoming import RENEW_BEFORE_DAYS, REQUIRED_WITHIN, WINDOW_DAYS
from deploy.seed.history import Life
from deploy.seed.part import Part
from deploy.seed.school_year import Term as Stretch
from deploy.seed.school_year import closures, terms, year_of
from shared.contracts.sessions.calendar import CalendarPublished, Closure, Term
from shared.contracts.training.course import CoursePublished
from shared.contracts.training.programme import ProgrammeSet, Requirement


def office_life(part: Part) -> Life:
    """Everything that has to be there before the first mentor."""
    agency, trainer = part.agency, part.agency.actor("trainer")
    for track, (months, title) in COURSES.items():
        course = agency.course(track)
        fact = CoursePublished(
            course_id=course,
            track=track,
            title=title,
            version=1,
            valid_months=months,
            published_on=part.today,
        )
        part.record(course, fact, trainer)
        part.history.hold("training", course, *derived.course_claims(track, title, 1, course))
        yield part.now + part.chance.minutes(2, 6)
    programme = derived.programme_of("learning_mentor")
    requirements = tuple(
        Requirement(
            track=track,
            valid_months=months,
            window_days=WINDOW_DAYS,
            renew_before_days=RENEW_BEFORE_DAYS,
            complete_within_days=REQUIRED_WITHIN[track],
        )
        for track, (months, _) in COURSES.items()
    )
    set_ = ProgrammeSet(
        programme_id=programme,
        role="learning_mentor",
        requirements=requirements,
        effective_from=part.today,
    )
    part.record(programme, set_, agency.actor("manager"))
    for year in range(year_of(agency.opens_on), year_of(agency.until) + 2):
        _publish_calendar(part, year)
        yield part.now + part.chance.minutes(2, 6)


def _publish_calendar(part: Part, year: int) -> None:
    region = part.agency.region
    calendar = derived.calendar_id("region", region, year)
    halves = [half for term in terms(year) for half in _halves(term)]
    closed = [
        Closure(on=day, reason="public_holiday") for day, why in closures(year) if why == "bank holiday"
    ]
    if year_of(part.agency.until) == year:
        # Nobody is there to start a session on the day on which the seed is sown.
        closed.append(Closure(on=part.agency.until, reason="inset_day"))
    fact = CalendarPublished(
        calendar_id=calendar,
        scope="region",
        scope_key=region,
        school_year=year,
        terms=tuple(halves),
        closures=tuple(sorted(closed, key=lambda closure: closure.on)),
        published_at=part.now,
    )
    part.record(calendar, fact, part.agency.actor("manager"))


def _halves(term: Stretch) -> tuple[Term, Term]:
    """Half-terms are terms of their own."""
    from datetime import timedelta

    first, last = term.half_term
    return (
        Term(name=f"{term.name} 1", starts_on=term.starts_on, ends_on=first - timedelta(days=3)),
        Term(name=f"{term.name} 2", starts_on=last + timedelta(days=3), ends_on=term.ends_on),
    )
