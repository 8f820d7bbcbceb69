"""The people and places that the examples are about, so that the examples together tell one story."""

from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5


def _id(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"example:{name}")


SCHOOL = _id("Fernhollow Primary School")
CHILD = _id("Ada Hartley")
MENTOR = _id("Grace Okafor")
REQUEST = _id("request for Ada")
ASSIGNMENT = _id("Grace supports Ada")
SESSION = _id("Ada's first Monday")
VIEW = _id("Ruth looks at Ada's record")
OTHER_CHILD = _id("Ben Achterberg")
PLAN = _id("the plan of September 2026")
COORDINATOR = _id("Ruth Bello")
CONCERN = _id("a mentor worries about Ada")
TRANSFER = _id("Ada moves to the north")
COURSE = _id("Speech and language in the classroom, version 2")
ENROLMENT = _id("Grace on speech and language")
OUTCOME = _id("Ada asks other children to play")
PAY_PERIOD = _id("September's pay")
CERTIFICATION = _id("Grace is certified in speech and language")
HOLD = _id("Grace's claim")
ERASURE = _id("Ada is forgotten")
PARENT = _id("Ada's mother is told things")

RECEIVED_AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
ACCEPTED_AT = datetime(2026, 6, 8, 14, 0, tzinfo=UTC)
ENGAGED_ON = date(2025, 1, 6)
SUPPORT_BEGINS = date(2026, 9, 7)
MONDAY_NINE = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
