"""Whether a child's own mentor is there on a day, by all that is known of them together."""

from datetime import date

from services.assignments.domain.gate import MentorStanding, away_on
from shared.contracts.eligibility import shortfalls
from shared.contracts.words.mentoring import CoverReason


def why_not_there(mentor: MentorStanding, day: date, today: date) -> CoverReason | None:
    """Why the mentor is not with their child on that day, as known today; None when they are.

    What is lacking today is taken to be lacking on the days to come: nobody counts on a renewal before it is there.
    """
    if mentor.left_on is not None and day >= mentor.left_on:
        return "mentor_left"
    lacking = shortfalls(mentor.evidence, today)
    if any(shortfall.item == "suspension" for shortfall in lacking):
        return "mentor_suspended"
    if lacking or mentor.deployable is False:
        return "mentor_stood_down"
    if away_on(mentor.leaves, day) is not None:
        return "mentor_on_leave"
    return "mentor_absent" if away_on(mentor.absences, day) is not None else None
