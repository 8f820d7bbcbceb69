"""Whatever is commanded in whatever order: a request keeps to its way, and deciding again yields nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.assignments.domain.provision import Provision
from services.assignments.domain.support_request import (
    AskForInformation,
    Closed,
    Command,
    DeclineRequest,
    NoteAgreement,
    NoteLoss,
    NoteOffer,
    NoteSupport,
    ReceiveRequest,
    RecordInformation,
    ResumeRequest,
    TakeOnRequest,
    TriageRequest,
    WaitlistRequest,
    WithdrawRequest,
    support_request,
)
from services.assignments.projections.requests import requests
from shared.contracts.assignments.support_request import SupportRequestReceived
from shared.contracts.fact import Fact
from shared.kernel.decider import Refused
from shared.kernel.recorded import Recorded
from tests.assignments.story import another
from tests.support.examples import example
from tests.support.people import CHILD, REQUEST, SCHOOL

STEPS = {
    "": {"received"},
    "received": {"triaged", "declined", "withdrawn"},
    "triaged": {"triaged", "awaiting_information", "matching", "waitlisted", "declined", "withdrawn"},
    "awaiting_information": {"awaiting_information", "triaged", "declined", "withdrawn"},
    "matching": {"offered", "fulfilled", "waitlisted", "withdrawn"},
    "offered": {"offered", "accepted", "fulfilled", "matching", "withdrawn"},
    "accepted": {"accepted", "offered", "fulfilled", "matching", "withdrawn"},
    "fulfilled": {"matching"},
    "waitlisted": {"waitlisted", "triaged", "matching", "declined", "withdrawn"},
    "declined": set(),
    "withdrawn": set(),
}
"""The lifecycle: where a request may stand after each stage. Nothing else may happen to it."""

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
OFFERS = st.sampled_from([another(f"offer {n}") for n in range(3)])
AREAS = st.sampled_from([(), ("social",), ("social", "academic")])
DAYS = st.dates(date(2026, 6, 1), date(2026, 12, 1))


class Requests(RuleBasedStateMachine):
    """One request, its commands in any order, time going on; and its row as the projection tells it."""

    def __init__(self) -> None:
        super().__init__()
        self.state: Any = support_request.initial
        self.at = START
        self.facts: list[Fact] = []
        self.row: dict[str, Any] = {}

    def give(self, command: Command) -> None:
        before = self.row.get("status", "")
        try:
            facts = support_request.decide(self.state, command)
        except Refused:
            return
        for fact in facts:
            self.facts.append(fact)
            self.state = support_request.evolve(self.state, fact)
            for row in requests(_recorded(fact, len(self.facts))):
                self.row.update(row.set)  # type: ignore[union-attr]
            after = self.row["status"]
            assert after in STEPS[before], f"{before} > {after} by {fact!r}"
            before = after
        assert tuple(support_request.decide(self.state, command)) == ()
        self.at += timedelta(hours=5)

    @initialize(begun=st.sampled_from(["nothing", "received", "taken on", "taken on"]))
    def begin_somewhere(self, begun: str) -> None:
        """Half of the stories begin where a mentor is sought: few would come so far by chance."""
        if begun != "nothing":
            self.receive("open", "unknown")
        if begun == "taken on":
            self.take_on(600, ("social",))

    @rule(status=st.sampled_from(["open", "open", "closed"]), here=st.sampled_from(["unknown", "exited"]))
    def receive(self, status: Any, here: Any) -> None:
        self.give(
            ReceiveRequest(
                REQUEST,
                CHILD,
                SCHOOL,
                status,
                "school",
                "Ada",
                "Speech.",
                START,
                child_here=here,
            )
        )

    @rule(urgency=st.sampled_from(["routine", "urgent"]), areas=AREAS)
    def triage(self, urgency: Any, areas: Any) -> None:
        self.give(TriageRequest(urgency, areas, self.at))

    @rule(due_on=DAYS)
    def ask(self, due_on: date) -> None:
        self.give(AskForInformation("Which school?", due_on, self.at))

    @rule()
    def answer(self) -> None:
        self.give(RecordInformation("Fernhollow.", self.at))

    @rule(minutes=st.sampled_from([600, 600, 600, 0]), areas=AREAS)
    def take_on(self, minutes: int, areas: Any) -> None:
        self.give(TakeOnRequest(date(2018, 3, 14), Provision(minutes, areas, date(2026, 9, 7)), self.at))

    @rule(review_on=DAYS)
    def waitlist(self, review_on: date) -> None:
        self.give(WaitlistRequest("no_mentor_free", review_on, self.at))

    @rule()
    def resume(self) -> None:
        self.give(ResumeRequest(self.at))

    @rule(offer=OFFERS)
    def offer(self, offer: Any) -> None:
        self.give(NoteOffer(offer, self.at))

    @rule(offer=OFFERS)
    def agree(self, offer: Any) -> None:
        self.give(NoteAgreement(offer, self.at))

    @rule(offer=OFFERS, ended_on=st.none() | DAYS)
    def lose(self, offer: Any, ended_on: date | None) -> None:
        self.give(NoteLoss(offer, "made_in_error", self.at, ended_on))

    @rule(offer=OFFERS, on=DAYS)
    def begin(self, offer: Any, on: date) -> None:
        self.give(NoteSupport(offer, on, self.at))

    @rule()
    def decline(self) -> None:
        self.give(DeclineRequest("no_capacity", self.at))

    @rule()
    def withdraw(self) -> None:
        self.give(WithdrawRequest("child_moved", self.at))

    @invariant()
    def its_row_says_what_it_is(self) -> None:
        status = self.row.get("status")
        if isinstance(self.state, Closed):
            assert status in ("declined", "withdrawn")
        elif hasattr(self.state, "stage"):
            assert status == self.state.stage
        else:
            assert (status or "unknown").replace("_", "") == type(self.state).__name__.lower()

    @invariant()
    def nothing_is_taken_on_untriaged(self) -> None:
        kinds = [type(fact).__name__ for fact in self.facts]
        if "SupportRequestTakenOn" in kinds:
            assert "SupportRequestTriaged" in kinds[: kinds.index("SupportRequestTakenOn")]


def _recorded(fact: Fact, version: int) -> Recorded[Any]:
    received = example(SupportRequestReceived)
    return Recorded(
        fact=fact,
        source="assignments",
        position=version,
        stream=received.request_id,
        version=version,
        recorded_at=START,
        id=received.request_id,
        region="uk-london",
        actor="test",
        correlation_id="test",
        causation_id="test",
    )


Requests.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
test_a_request_keeps_to_its_way = Requests.TestCase
