"""One valid example of every fact of a school's roster."""

from datetime import date
from uuid import UUID

from shared.contracts.assignments.roster import RosterSchoolLinked, RosterSupportGone, RosterSupportSeen
from shared.contracts.fact import Fact
from tests.support.people import CHILD, MENTOR, REQUEST, SCHOOL

ROSTER = UUID("5b1d3c52-7f0e-5c58-9f0f-3d8a1f6f2b01")
ORG = UUID("5b1d3c52-7f0e-5c58-9f0f-3d8a1f6f2b02")
CLASS = UUID("5b1d3c52-7f0e-5c58-9f0f-3d8a1f6f2b03")
AIDE = UUID("5b1d3c52-7f0e-5c58-9f0f-3d8a1f6f2b04")

EXAMPLES: tuple[Fact, ...] = (
    RosterSchoolLinked(roster_id=ROSTER, org_id=ORG, school_id=SCHOOL),
    RosterSupportSeen(
        roster_id=ROSTER,
        class_id=CLASS,
        child_id=CHILD,
        aide_id=AIDE,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        request_id=REQUEST,
        seen_on=date(2026, 9, 7),
    ),
    RosterSupportGone(
        roster_id=ROSTER,
        class_id=CLASS,
        child_id=CHILD,
        aide_id=AIDE,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        request_id=REQUEST,
        gone_on=date(2027, 1, 11),
    ),
)
