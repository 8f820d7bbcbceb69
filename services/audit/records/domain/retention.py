"""For how long a part of a record outranks the wish to be forgotten."""

from datetime import date

from shared.contracts.words.privacy import RETENTION, RetentionClass


def kept_until(keep: RetentionClass, ended_on: date) -> date | None:
    """The first day on which it may be erased, when that wish does not suffice before; None: it suffices.

    Counted from the first day without the person, so that no fact has to tell a birth date: 25 years after
    the end of support are never before the 25th birthday.
    """
    rule = RETENTION[keep]
    return _years_after(ended_on, rule.years) if rule.outranks else None


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
