"""A small agency's first days, told over HTTP to a running system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from deploy.embedded import System
from shared.contracts.eligibility import CLEARANCES, TRACKS
from tests.support.waiting import eventually

SERVICES = ("assignments", "training", "sessions", "notifications", "audit")
REGISTER = Path(__file__).parents[2] / "deploy" / "demo" / "schools.csv"


@dataclass
class Agency:
    """Speaks to the services, and remembers how far each has come so that reads include its writes."""

    system: System
    client: httpx.Client
    reached: dict[str, int] = field(default_factory=dict)

    def headers(self, role: str, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer dev:{role}:{self.system.region}:{name}"}

    def send(
        self, service: str, path: str, body: object = None, role: str = "coordinator", name: str = "ruth"
    ) -> Any:
        """A command, sent until it succeeds, for what it needs may still be on its way."""

        def sent() -> httpx.Response | None:
            told = {**self.headers(role, name), "Idempotency-Key": str(uuid4())}
            answer = self.client.post(f"{self.system.urls[service]}{path}", json=body, headers=told)
            return answer if answer.is_success else None

        answer = eventually(sent)
        assert answer is not None
        found = answer.json()
        self.reached[service] = max(self.reached.get(service, 0), found["position"])
        return found

    def ask(
        self, service: str, path: str, role: str = "coordinator", name: str = "ruth", **params: Any
    ) -> Any:
        answer = self.client.get(
            f"{self.system.urls[service]}{path}", params=params, headers=self.headers(role, name)
        )
        assert answer.is_success, answer.text
        return answer.json()

    def status(self, service: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask(service, "/status")
        return found

    def at_rest(self) -> bool:
        """Whether every listener has heard every fact, those that follow from facts too, and nothing is due."""
        before = [self.status(service) for service in SERVICES]
        heads = {found["service"]: found["head"] for found in before}
        heard = all(
            each["position"] == heads[each["source"]] for found in before for each in found["projections"]
        )
        due = any(found["due"] and found["due"]["late_seconds"] for found in before)
        return heard and not due and heads == {name: self.status(name)["head"] for name in SERVICES}

    def move_clocks(self, to: datetime) -> None:
        """Only when all that was told has been heard: after the jump it would be news of long ago."""
        eventually(self.at_rest, seconds=30)
        for service in SERVICES:
            url = f"{self.system.urls[service]}/dev/clock"
            moved = self.client.put(
                url, json={"now": to.isoformat()}, headers=self.headers("operator", "olu")
            )
            assert moved.is_success, moved.text


@dataclass(frozen=True)
class Told:
    """Who is who, and the moment before a certification expired."""

    coordinator: str
    child: str
    mentor: str
    unready: str
    before: datetime


def first_days(agency: Agency) -> Told:
    """A child is supported by a mentor whose training then runs out, a year and a day later."""
    today = datetime.now(UTC).date()
    with REGISTER.open("rb") as register:
        told = {
            **agency.headers("operator", "olu"),
            "Idempotency-Key": str(uuid4()),
            "Content-Type": "text/csv",
        }
        url = f"{agency.system.urls['assignments']}/schools/import"
        imported = agency.client.post(url, content=register.read(), headers=told)
    assert imported.is_success, imported.text
    ruth = {"role": "coordinator", "name": "Ruth Bello", "email": "ruth@example.org"}
    coordinator = agency.send("notifications", "/recipients", ruth)["recipient_id"]
    school = eventually(lambda: agency.ask("assignments", "/schools")["items"])[0]["school_id"]
    child = _accept_child(agency, school, today)
    unready = _engage(agency, "Zoe Unready", today)
    mentor = _engage(agency, "Grace Okafor", today)
    _clear(agency, mentor, today)
    offer = agency.send("assignments", "/offers", {"child_id": child, "mentor_id": mentor})
    body = {"effective_from": str(today)}
    agency.send("assignments", f"/offers/{offer['assignment_id']}/accept", {})
    agency.send("assignments", f"/assignments/{offer['assignment_id']}/activate", body)
    # A session is within one school day, at whatever hour this is played.
    starts = (datetime.now(UTC) + timedelta(days=370)).replace(hour=10, minute=0)
    planned = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}
    before = datetime.now(UTC)
    agency.move_clocks(before + timedelta(days=330))
    agency.send("sessions", "/sessions", {"mentor_id": mentor, "child_id": child, **planned})
    agency.move_clocks(before + timedelta(days=367))
    return Told(coordinator, child, mentor, unready, before)


def _accept_child(agency: Agency, school: str, today: date) -> str:
    asked = {
        "school_id": school,
        "requester_kind": "school",
        "child_name": "Ada Hartley",
        "needs": "Help with speech.",
    }
    request = agency.send("assignments", "/support-requests", asked)
    provision = {
        "birth_date": "2018-03-14",
        "minutes_per_week": 900,
        "areas": ["speech_and_language"],
        "effective_from": str(today),
    }
    agency.send("assignments", f"/support-requests/{request['request_id']}/take-on", provision)
    return str(request["child_id"])


def _engage(agency: Agency, name: str, today: date) -> str:
    email = f"{name.split()[0].lower()}@example.org"
    body = {"name": name, "email": email, "engaged_on": str(today)}
    return str(agency.send("assignments", "/mentors", body)["mentor_id"])


def _clear(agency: Agency, mentor: str, today: date) -> None:
    for kind in CLEARANCES:
        shown: Mapping[str, str] = {"kind": kind, "issued_on": str(today), "reference": "R-1"}
        agency.send("training", f"/mentors/{mentor}/clearances", shown, role="compliance", name="cora")
    for track in TRACKS:
        course = {
            "track": track,
            "title": f"All about {track}",
            "valid_months": None if track == "induction" else 12,
        }
        course_id = agency.send("training", "/courses", course, role="trainer", name="tom")["course_id"]
        enrolled = {"mentor_id": mentor, "course_id": course_id, "due_on": str(today)}
        enrolment = agency.send("training", "/enrolments", enrolled, role="trainer", name="tom")
        done = {"completed_on": str(today), "evidence": "sheet 7"}
        path = f"/enrolments/{enrolment['enrolment_id']}/completion"
        agency.send("training", path, done, role="trainer", name="tom")
