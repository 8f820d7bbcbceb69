"""Whatever is commanded in whatever order, and however time passes, no rule of the domain is broken."""

import asyncio
import os
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.assignments.domain.school import school_id
from tests.assignments.over_http import import_schools
from tests.journeys.rules import broken
from tests.journeys.town import Town, town
from tests.support.engines import PostgresServer

T = TypeVar("T")

BEGIN = datetime(2026, 9, 7, 6, 30, tzinfo=UTC)
REGISTER = Path(__file__).resolve().parents[2] / "deploy" / "demo" / "schools.csv"
DAYS = st.integers(min_value=0, max_value=20)
AREAS = ["speech_and_language", "social"]
ACTIVITIES = st.lists(
    st.sampled_from(["comfort", "hygiene", "maths", "whole_class"]), min_size=1, max_size=2, unique=True
)


class Agency(RuleBasedStateMachine):
    """Three mentors, two children, and everything that people do about them."""

    postgres: ClassVar[PostgresServer]

    def __init__(self) -> None:
        super().__init__()
        self.loop, self.stack = asyncio.Runner(), AsyncExitStack()
        self.town: Town = self.run(self.stack.enter_async_context(town(self.postgres, BEGIN)))
        self.mentors: list[str] = []
        self.children: list[str] = []
        self.checked = 0

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(doing)

    def send(self, service: str, path: str, body: object = None, **who: str) -> dict[str, Any] | None:
        """The answer when it was done; None when it was refused."""
        answer = self.run(self.town.command(service, path, body, **who))
        return answer.json() if answer.is_success else None

    def ask(self, service: str, path: str, **query: Any) -> list[dict[str, Any]]:
        found = self.run(self.town.services[service].ask(path, **query))
        items: list[dict[str, Any]] = found["items"]
        return items

    def day(self, ahead: int) -> str:
        return str(self.town.now.date() + timedelta(days=ahead))

    @initialize(months=st.lists(st.integers(1, 12), min_size=3, max_size=3))
    def an_agency(self, months: list[int]) -> None:
        self.run(import_schools(self.town.services["assignments"], REGISTER.read_bytes()))
        self.run(self.town.settle())
        self.send("sessions", "/calendars/usual", {"school_year": 2026})
        for nth, name in enumerate(("Grace Okafor", "Mo Ling", "Ines Prat")):
            body = {"name": name, "email": "m@example.org", "engaged_on": "2026-01-05"}
            made = self.run(self.town.done("assignments", "/mentors", body))
            self.mentors.append(made["mentor_id"])
            self.run(self.town.qualify(UUID(made["mentor_id"]), date(2026, 9, 1), months[nth]))
        for name in ("Ada Hartley", "Ben Achterberg"):
            body = {
                "school_id": str(school_id(990001)),
                "requester_kind": "school",
                "child_name": name,
                "needs": "x",
            }
            asked = self.run(self.town.done("assignments", "/support-requests", body, role="school"))
            terms = {
                "birth_date": "2018-03-14",
                "minutes_per_week": 600,
                "areas": AREAS,
                "effective_from": self.day(0),
            }
            path = f"/support-requests/{asked['request_id']}/take-on"
            self.run(self.town.done("assignments", path, terms))
            self.children.append(asked["child_id"])
        self._begin(0, 0)

    @rule(mentor=st.integers(0, 2), child=st.integers(0, 1))
    def a_mentor_begins(self, mentor: int, child: int) -> None:
        self._begin(mentor, child)

    def _begin(self, mentor: int, child: int) -> None:
        body = {"child_id": self.children[child], "mentor_id": self.mentors[mentor]}
        if offer := self.send("assignments", "/offers", body):
            self.send("assignments", f"/offers/{offer['assignment_id']}/accept")
            begun = {"effective_from": self.day(0)}
            if self.send("assignments", f"/assignments/{offer['assignment_id']}/activate", begun):
                slots = [{"weekday": day, "starts": "09:00", "minutes": 120} for day in _WEEKDAYS]
                weekly = {"assignment_id": offer["assignment_id"], "slots": slots}
                self.send("sessions", "/timetables", weekly)
            else:
                self.send(
                    "assignments", f"/offers/{offer['assignment_id']}/cancel", {"reason": "made_in_error"}
                )

    @rule(data=st.data(), ahead=DAYS, handed=st.sampled_from(["recorded", "overridden", "neither"]))
    def an_assignment_ends(self, data: st.DataObject, ahead: int, handed: str) -> None:
        if found := self.ask("assignments", "/assignments", status="active"):
            one = f"/assignments/{data.draw(st.sampled_from(found))['assignment_id']}"
            if handed == "recorded":
                self.send("assignments", f"{one}/handover", {"summary": "Likes trains."})
            self.send("assignments", f"{one}/end", {"reason": "provision_ended", "ended_on": self.day(ahead)})
            if handed == "overridden":
                self.send(
                    "assignments", f"{one}/handover/override", {"reason": "mentor_left_without_handover"}
                )

    @rule(data=st.data(), ahead=DAYS, resumes=st.booleans())
    def an_assignment_rests(self, data: st.DataObject, ahead: int, resumes: bool) -> None:
        status = "paused" if resumes else "active"
        if found := self.ask("assignments", "/assignments", status=status):
            one = f"/assignments/{data.draw(st.sampled_from(found))['assignment_id']}"
            if resumes:
                self.send("assignments", f"{one}/resume", {"resumed_on": self.day(ahead)})
            else:
                body = {"reason": "child_unwell", "paused_from": self.day(ahead)}
                self.send("assignments", f"{one}/pause", body)

    @rule(mentor=st.integers(0, 2), what=st.sampled_from(["suspend", "lift", "renew", "absent"]))
    def something_becomes_of_a_mentor(self, mentor: int, what: str) -> None:
        one = self.mentors[mentor]
        match what:
            case "suspend":
                body = {"reason_code": "under_investigation"}
                self.send("training", f"/mentors/{one}/suspension", body, role="compliance")
            case "lift":
                self.send("training", f"/mentors/{one}/suspension/lifting", role="compliance")
            case "renew":
                self.run(self.town.qualify(UUID(one), self.town.now.date(), 6))
            case _:
                body = {"absent_from": self.day(1), "absent_until": self.day(3), "reason": "illness"}
                self.send("assignments", f"/mentors/{one}/absences", body)

    @rule(child=st.integers(0, 1), mentor=st.integers(0, 2), first=DAYS, days=st.integers(1, 3))
    def somebody_covers(self, child: int, mentor: int, first: int, days: int) -> None:
        body = {
            "child_id": self.children[child],
            "form": "broadcast",
            "days": [self.day(first + n) for n in range(days)],
        }
        self.send("assignments", "/covers", body)
        for found in self.ask("assignments", "/covers", status="requested")[:2]:
            path = f"/covers/{found['cover_id']}/accept"
            self.send("assignments", path, {"mentor_id": self.mentors[mentor]})

    @rule(data=st.data(), activities=ACTIVITIES, wait=st.integers(0, 100), approve=st.booleans())
    def a_session_takes_place(
        self, data: st.DataObject, activities: list[str], wait: int, approve: bool
    ) -> None:
        coming = self.ask("sessions", "/sessions", state="scheduled", limit=200)
        coming = [one for one in coming if datetime.fromisoformat(one["starts_at"]) > self.town.now][:4]
        if not coming:
            return
        one = data.draw(st.sampled_from(coming))
        path, who = f"/sessions/{one['session_id']}", {"role": "mentor", "name": one["mentor_id"]}
        self.run(self.town.pass_time(datetime.fromisoformat(one["starts_at"])))
        if not self.send("sessions", f"{path}/start", {}, **who):
            return
        self.run(self.town.pass_time(datetime.fromisoformat(one["ends_at"]) + timedelta(hours=wait)))
        log = {"activities": activities, "contact_minutes": 60, "ratio": "one_to_one"}
        if not self.send("sessions", f"{path}/log", log, **who):
            late = {**log, "activities": ["comfort"], "late_reason": "was away"}
            self.send("sessions", f"{path}/log", late, name="olu")
        if approve:
            self.send("sessions", f"{path}/approve", {})

    @rule(mentor=st.integers(0, 2), child=st.integers(0, 1), ahead=DAYS, hour=st.integers(8, 14))
    def a_session_is_planned_by_hand(self, mentor: int, child: int, ahead: int, hour: int) -> None:
        starts = (self.town.now + timedelta(days=ahead)).replace(hour=hour, minute=0)
        body = {
            "mentor_id": self.mentors[mentor],
            "child_id": self.children[child],
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=2)).isoformat(),
        }
        self.send("sessions", "/sessions", body)

    @rule(days=st.integers(1, 45))
    def time_passes(self, days: int) -> None:
        self.run(self.town.pass_time(self.town.now + timedelta(days=days)))

    @invariant()
    def no_rule_is_broken(self) -> None:
        if len(self.town.history) > self.checked:
            self.checked = len(self.town.history)
            assert broken(self.town.history, self.town.now) == []

    def teardown(self) -> None:
        try:
            assert self.run(self.town.parked()) == 0
        finally:
            self.run(self.stack.aclose())
            self.loop.close()


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def test_no_sequence_of_commands_breaks_a_rule(postgres: PostgresServer) -> None:
    Agency.postgres = postgres
    examples = int(os.environ.get("ALONGSIDE_STORIES", "3"))
    # To make a story shorter takes minutes: that is for whoever looks for its cause.
    shortened = {Phase.shrink, Phase.explain} if os.environ.get("ALONGSIDE_EXPLORE") else set()
    run_state_machine_as_test(
        Agency,
        settings=settings(
            max_examples=examples,
            phases=[Phase.generate, *shortened],
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
