"""What every part of a seeded agency knows: its size, its days, its courses and who sits in the office."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from uuid import UUID, uuid5

from deploy.seed import derived
from deploy.seed.chance import Chance
from deploy.seed.scales import ONBOARDING, Scale
from deploy.seed.school_year import SchoolDays, history_begins, moment
from deploy.seed.words import person
from shared.contracts.words.training import Track
from shared.kernel.sealing.derived import derived_key
from shared.kernel.sealing.keyring import KeyRef

_SEED = UUID("4b2f0c7e-63a1-5d0f-9b7a-2f6f6c1d9e01")
ZONE = "Europe/London"
# Months for which a track certifies, and what the course is called.
COURSES: dict[Track, tuple[int | None, str]] = {
    "induction": (None, "Induction for learning mentors"),
    "slt": (24, "Speech and language in the classroom"),
    "ot": (24, "Sensory and motor support"),
    "bed": (12, "Behaviour and emotional development"),
    "safeguarding": (12, "Safeguarding update"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A pay period: a calendar month, with some days after it in which logs may still come."""

    period_id: UUID
    starts_on: date
    ends_on: date

    @property
    def opens_at(self) -> datetime:
        return moment(self.starts_on - timedelta(days=7), 10 * 60)

    @property
    def cut_off_at(self) -> datetime:
        return moment(self.ends_on + timedelta(days=14), 12 * 60)

    @property
    def closes_at(self) -> datetime:
        return self.cut_off_at + timedelta(minutes=35)


@dataclass(frozen=True)
class Agency:
    """Nothing here depends on chance that somebody else draws from."""

    scale: Scale
    seed: int
    region: str
    until: date

    @property
    def name(self) -> str:
        """What the threads of its facts begin with: says whose seed they are."""
        return f"seed-{self.scale.name}-{self.seed}-{self.until}"

    @cached_property
    def first_session_day(self) -> date:
        return history_begins(self.until, self.scale.school_days)

    @cached_property
    def opens_on(self) -> date:
        """The day on which the first schools and mentors come in."""
        return self.first_session_day - ONBOARDING

    @property
    def begins_at(self) -> datetime:
        return moment(self.opens_on, 8 * 60)

    @property
    def ends_at(self) -> datetime:
        """Nothing is recorded at or after this moment."""
        return datetime.combine(self.until, time(), UTC)

    @cached_property
    def school_days(self) -> SchoolDays:
        """From the opening to some weeks ahead."""
        return SchoolDays(self.opens_on, self.until + timedelta(weeks=26), self.until)

    def id(self, *names: object) -> UUID:
        """The id of something that there is once in the agency."""
        return uuid5(_SEED, "/".join(map(str, (self.seed, self.region, self.scale.name, *names))))

    @cached_property
    def secret(self) -> bytes:
        """What the data keys of its people follow from: no secret at all, since whoever knows the seed has it."""
        return sha256(f"alongside {self.name} {self.region}".encode()).digest()

    def key(self, ref: KeyRef) -> bytes:
        """The data key of one of its people."""
        return derived_key(self.secret, ref)

    def course(self, track: Track) -> UUID:
        return self.id("course", track)

    def actor(self, role: str, number: int = 0) -> str:
        """Somebody in the office, as facts name who did something."""
        return f"{role}:{self.desk(role, number).split()[0].lower()}"

    def desk(self, role: str, number: int = 0) -> str:
        """The full name of somebody in the office."""
        return person(Chance(self.seed, "desk", role, number))

    def period(self, day: date) -> Period:
        """The pay period of a day."""
        starts = day.replace(day=1)
        following = (starts + timedelta(days=32)).replace(day=1)
        return Period(derived.period_id(self.region, starts), starts, following - timedelta(days=1))

    def periods(self) -> list[Period]:
        """From the first session to the month that is going on."""
        found, day = [], self.first_session_day
        while day <= self.until:
            found.append(self.period(day))
            day = found[-1].ends_on + timedelta(days=1)
        return found
