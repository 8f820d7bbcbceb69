"""How large an agency is made, and over how many school days."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

ScaleName = Literal["small", "large", "stress"]

# Schools, mentors and the first children are there before the first session.
ONBOARDING = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class Scale:
    """`sessions_a_day` is for each primary assignment on average, in tenths."""

    name: str
    areas: int
    mentors: int
    children: int
    school_days: int
    sessions_a_day: int


SCALES: dict[str, Scale] = {
    "small": Scale("small", 2, 20, 24, 55, 13),
    "large": Scale("large", 12, 2_000, 2_400, 190, 22),
    "stress": Scale("stress", 30, 20_000, 24_000, 190, 22),
}
