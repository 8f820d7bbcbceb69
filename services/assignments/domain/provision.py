"""How much support a child gets, and for what: what requests and children share, and its rules."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.words.support import Area
from shared.kernel.decider import Refused

MOST_MINUTES_PER_WEEK = 45 * 60  # a school week with breakfast and after-school clubs
OLDEST_CHILD = 25  # an education, health and care plan ends at 25


@dataclass(frozen=True, slots=True)
class Provision:
    """Minutes of support in a school week, for these areas, from this day on."""

    minutes_per_week: int
    areas: tuple[Area, ...]
    effective_from: date


def check_provision(provision: Provision) -> None:
    """Refuse what nobody could deliver."""
    if not 0 < provision.minutes_per_week <= MOST_MINUTES_PER_WEEK:
        raise Refused(
            "invalid_provision",
            f"{provision.minutes_per_week} minutes a week is not a provision; "
            f"give between 1 and {MOST_MINUTES_PER_WEEK} minutes",
        )
    if not provision.areas:
        raise Refused("invalid_provision", "a provision needs at least one area; say what the support is for")
    if len(set(provision.areas)) < len(provision.areas):
        raise Refused("invalid_provision", "an area is named twice; name each once")


def check_birth_date(born: date, on: date) -> None:
    """Refuse a date of birth that is no child's."""
    if born > on:
        raise Refused("invalid_birth_date", "the date of birth lies ahead; check day, month and year")
    if on.year - born.year - ((on.month, on.day) < (born.month, born.day)) > OLDEST_CHILD:
        raise Refused(
            "invalid_birth_date",
            f"support ends at the age of {OLDEST_CHILD}; check the year of the date of birth",
        )
