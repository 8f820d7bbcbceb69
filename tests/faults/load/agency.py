"""The agency before the trouble starts: schools, courses, a coordinator, and mentors who may be deployed."""

import asyncio
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tests.faults.load.client import Client

CLEARANCES = (
    "identity", "dbs_enhanced", "barred_list", "right_to_work",
    "reference_1", "reference_2", "english_and_maths", "childcare_experience",
)  # fmt: skip
VALID_MONTHS = {"induction": None, "slt": 24, "ot": 24, "bed": 24, "safeguarding": 12}
HEARD_SECONDS = 90
COLUMNS = {
    "URN": "", "EstablishmentName": "", "LA (name)": "Eastvale", "Town": "Fernhollow", "Postcode": "EV1 2AB",
    "PhaseOfEducation (code)": "2", "EstablishmentStatus (code)": "1", "EstablishmentStatus (name)": "Open",
    "StatutoryLowAge": "4", "StatutoryHighAge": "11", "OpenDate": "01/09/1998", "CloseDate": "",
}  # fmt: skip


@dataclass
class Agency:
    """What the clients know, from the answers that they got."""

    client: Client
    rng: Random
    schools: list[str] = field(default_factory=list)
    courses: dict[str, str] = field(default_factory=dict)
    mentors: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    assignments: list[tuple[str, str, str]] = field(default_factory=list)
    """Active ones: assignment, mentor and child."""
    sessions: list[str] = field(default_factory=list)
    """Planned ones."""
    covers: list[str] = field(default_factory=list)
    """Searches that somebody may still answer."""
    named: int = 0

    @property
    def today(self) -> date:
        return datetime.now(UTC).date()

    def name(self, kind: str) -> str:
        self.named += 1
        return f"{kind} {self.named:05d}"

    async def found(self, mentors: int) -> None:
        """Take over schools, publish courses, register the coordinator, make so many mentors ready."""
        await self.take_over_schools(6)
        told = {"role": "coordinator", "name": "Ruth Bello", "email": "ruth.bello@example.org"}
        await _done(self.client.command("notifications", "/recipients", told))
        for track, months in VALID_MONTHS.items():
            course = {"track": track, "title": f"{track} for all", "version": 1, "valid_months": months}
            made = await _done(self.client.command("training", "/courses", course, role="trainer"))
            self.courses[track] = made["course_id"]
        ready = [self.engage_ready_mentor() for _ in range(mentors)]
        self.mentors = list(await asyncio.gather(*ready))

    async def take_over_schools(self, count: int) -> None:
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        for number in range(count):
            writer.writerow(COLUMNS | {"URN": 990_101 + number, "EstablishmentName": f"School {number}"})
        await _done(self.client.command("assignments", "/schools/import", text.getvalue().encode()))
        listed = None
        async with asyncio.timeout(HEARD_SECONDS):
            while not listed or len(listed["items"]) < count:
                listed = await self.client.ask("assignments", "/schools", limit=count)
        self.schools = [school["school_id"] for school in listed["items"]]

    async def engage(self) -> str | None:
        """A new mentor, with nothing to show yet."""
        name = self.name("Mentor")
        email = f"{name.replace(' ', '.').lower()}@example.org"
        engaged_on = str(self.today - timedelta(days=90))
        body = {"name": name, "email": email, "engaged_on": engaged_on}
        made = await self.client.command("assignments", "/mentors", body)
        return made["mentor_id"] if made else None

    async def certify(self, mentor: str, track: str, days_ago: int) -> bool:
        """Have the mentor take a course, and complete it so long ago; whether that was answered with success."""
        body = {"mentor_id": mentor, "course_id": self.courses[track], "due_on": str(self.today)}
        enrolled = await self.client.command("training", "/enrolments", body, role="trainer")
        if not enrolled:
            return False
        done = {"completed_on": str(self.today - timedelta(days=days_ago)), "evidence": "sheet 7"}
        path = f"/enrolments/{enrolled['enrolment_id']}/completion"
        return await self.client.command("training", path, done, role="trainer") is not None

    async def engage_ready_mentor(self) -> str:
        mentor = await self.engage()
        assert mentor is not None
        shown_of = {"issued_on": str(self.today - timedelta(days=200)), "reference": "R-1"}
        path = f"/mentors/{mentor}/clearances"
        done = await asyncio.gather(
            *(
                self.client.command("training", path, {"kind": kind, **shown_of}, role="compliance")
                for kind in CLEARANCES
            ),
            *(self.certify(mentor, track, days_ago=100) for track in VALID_MONTHS),
        )
        assert all(done), "a mentor can't be made ready"
        shown = None
        async with asyncio.timeout(HEARD_SECONDS):
            while not shown or shown["shortfalls"]:  # until assignments has heard all of it
                shown = await self.client.ask("assignments", f"/mentors/{mentor}")
        return mentor

    def some(self, known: Sequence[Any]) -> Any:
        """One of them, the newest more often; None when there is none."""
        if not known:
            return None
        return self.rng.choice(known[-12:] if self.rng.random() < 0.8 else known)


async def _done(sending: Any) -> Any:
    answer = await sending
    assert answer is not None, "the agency could not be set up"
    return answer
