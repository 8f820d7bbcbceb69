"""How much support a child gets, and for what: what requests and children share, and its rules."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid5

from shared.contracts.assignments.child import Outcome
from shared.contracts.words.support import Area
from shared.kernel.decider import Refused

MOST_MINUTES_PER_WEEK = 45 * 60  # a school week with breakfast and after-school clubs
OLDEST_CHILD = 25  # an education, health and care plan ends at 25
REVIEW_AFTER = timedelta(weeks=12)  # about a term, when nobody says another day
LAST_DAY = date(2200, 1, 1)  # a day beyond it is a slip of the pen


@dataclass(frozen=True, slots=True)
class Provision:
    """Minutes of support in a school week, for these areas, from this day on.

    `outcomes` are what it is to reach. `next_review_on` None leaves the day to the agency's rule.
    """

    minutes_per_week: int
    areas: tuple[Area, ...]
    effective_from: date
    outcomes: tuple[Outcome, ...] = ()
    next_review_on: date | None = None

    @property
    def with_review(self) -> "Provision":
        """The same with a day for its review."""
        if self.next_review_on is not None:
            return self
        return replace(self, next_review_on=self.effective_from + REVIEW_AFTER)


def outcomes_of(child_id: UUID, wanted: Iterable[tuple[Area, str]]) -> tuple[Outcome, ...]:
    """What a child is to reach; the same text keeps its id when the provision changes, and so its ratings."""
    return tuple(
        Outcome(outcome_id=uuid5(child_id, f"{area}:{text}"), area=area, text=text) for area, text in wanted
    )


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
    if provision.effective_from > LAST_DAY:
        raise Refused("invalid_provision", f"{provision.effective_from} is too far ahead; check the year")
    if not {outcome.area for outcome in provision.outcomes} <= set(provision.areas):
        raise Refused(
            "invalid_provision", "an outcome is of an area that the support is not for; add the area"
        )
    if len({outcome.outcome_id for outcome in provision.outcomes}) < len(provision.outcomes):
        raise Refused("invalid_provision", "an outcome is named twice; name each once")
    if provision.next_review_on is not None and not (
        provision.effective_from < provision.next_review_on <= LAST_DAY
    ):
        raise Refused(
            "invalid_provision", "the first review comes after the provision begins; give a later day"
        )


def check_birth_date(born: date, on: date) -> None:
    """Refuse a date of birth that is no child's."""
    if born > on:
        raise Refused("invalid_birth_date", "the date of birth lies ahead; check day, month and year")
    if on.year - born.year - ((on.month, on.day) < (born.month, born.day)) > OLDEST_CHILD:
        raise Refused(
            "invalid_birth_date",
            f"support ends at the age of {OLDEST_CHILD}; check the year of the date of birth",
        )
