"""An area begins: its schools, the mentors who come in, the children who are asked for."""

from datetime import date

from deploy.seed import derived
from deploy.seed.asking import request_life
from deploy.seed.becoming import mentor_life
from deploy.seed.hearing import desks, school_hears
from deploy.seed.history import Life
from deploy.seed.office import office_life
from deploy.seed.part import Part
from deploy.seed.people import Mentor, School
from deploy.seed.school_year import DAY
from deploy.seed.words import school as school_name
from shared.contracts.assignments.school import SchoolRegistered

# Beside those who are supported: requests that came less far, in shares of the children.
FATES = ("received", "triaged", "asked", "waitlisted", "declined", "withdrawn")
OPEN_FATES = ("received", "triaged", "asked", "waitlisted")
FIRST_URN = 900_000


def area_life(part: Part) -> Life:
    """Everything begins in the weeks before the first session, and goes on."""
    agency, chance = part.agency, part.chance
    if part.number == 0:
        desks(part)
        part.begin(office_life(part))
    for period in agency.periods():
        part.begin(_counting(part, period.ends_on), period.closes_at)
    yield part.now + DAY
    children, mentors = part.share(agency.scale.children), part.share(agency.scale.mentors)
    for number in range(max(2, children // 6)):
        part.schools.append(_register(part, number))
        yield part.now + chance.minutes(0, 1)
    _mentors_come(part, mentors)
    _children_come(part, children)


def _counting(part: Part, ends_on: date) -> Life:
    """The share of this part in a pay period that closes now."""
    part.count(ends_on)
    yield from ()


def _register(part: Part, number: int) -> School:
    secondary = number % 4 == 3
    urn = FIRST_URN + part.number * 2_000 + number
    id_ = derived.school_id(urn)
    school = School(id_, school_name(number, secondary), secondary, part.area)
    fact = SchoolRegistered(
        school_id=id_,
        urn=urn,
        name=school.name,
        local_authority=part.area,
        town=part.area,
        postcode=f"XA{part.number + 1} {number % 9 + 1}AB",
        phase="secondary" if secondary else "primary",
        status="open",
        lowest_age=11 if secondary else 4,
        highest_age=16 if secondary else 11,
    )
    part.school_by_id[id_] = school
    part.record(id_, fact, part.coordinator())
    if number % 3:
        school_hears(part, school)
    return school


def _mentors_come(part: Part, count: int) -> None:
    """Most are there for the first session; some come later, and some of those are not ready yet."""
    agency, chance = part.agency, part.chance
    weeks = (agency.until - agency.first_session_day).days // 7
    floaters = max(1, count // 10)
    for number in range(count):
        mentor = Mentor(part.new_id(), "", "", floater=number < floaters)
        unready = number >= count - max(1, count // 20)
        if unready:
            engaged_on = agency.until - DAY * chance.between(4, 25)
        elif chance.of(0.88):
            engaged_on = agency.opens_on + DAY * chance.between(22, 30)
        else:
            engaged_on = agency.first_session_day + DAY * 7 * chance.between(0, max(weeks - 6, 1))
        while engaged_on.weekday() > 4:
            engaged_on -= DAY
        begins = part.working_hours(engaged_on - DAY * 22)
        part.begin(mentor_life(part, mentor, engaged_on, unready), max(part.now, begins))


def _children_come(part: Part, count: int) -> None:
    """The first are asked for before the first session, others all through the year."""
    agency, chance = part.agency, part.chance
    days = (agency.until - agency.first_session_day).days
    supported = count - max(1, count // 12)
    for number in range(count):
        if number >= supported:
            fate = FATES[number % len(FATES)]
            day = agency.until - DAY * chance.between(2, 16)
        else:
            fate = "taken_on"
            early = chance.of(0.85)
            day = (
                agency.opens_on + DAY * chance.between(2, 44)
                if early
                else agency.first_session_day + DAY * chance.between(0, max(days - 21, 1))
            )
        while day.weekday() > 4:
            day -= DAY
        at = max(part.now, part.working_hours(day))
        part.begin(request_life(part, chance.pick(part.schools), fate), at)
    others = count // 6
    for number in range(others):
        day = agency.first_session_day + DAY * chance.between(0, max(days - 10, 1))
        while day.weekday() > 4:
            day -= DAY
        fate = ("declined", "withdrawn")[number % 2]
        part.begin(request_life(part, chance.pick(part.schools), fate), part.working_hours(day))
