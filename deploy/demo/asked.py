"""Chapter 19: the auditor asks, and each of the ten questions has an answer that can be checked."""

from datetime import date, datetime, timedelta
from typing import Any

from deploy.demo.breach import WITH_THE_CLASS
from deploy.demo.calling import House, Somebody
from deploy.demo.cast import Cast
from deploy.demo.contact import Meetings
from deploy.demo.matching import Assignment
from deploy.demo.weeks import WHY_LATE

COVERED = 21
"""The day on which Greta covered, and, as was found out later, should not have."""


async def play(
    house: House, cast: Cast, known_at: datetime, begins: int, made: Assignment, meetings: Meetings
) -> None:
    """`made` and `meetings` are of the story of autumn, the rest of the school year."""
    with house.story.chapter("The auditor asks"):
        # What people wrote is sealed to an auditor who only looks at what happened; an investigation opens it.
        ines = house.somebody("auditor", "ines").looking_for("investigation")
        after = await house.heads()
        asked = Asked(ines, cast, after)
        await asked.who_supported(known_at)
        await asked.ineligible(known_at)
        await asked.on_what_evidence()
        await asked.late_or_amended()
        await asked.delivered()
        await asked.without_primary(begins)
        await asked.whole_class(made, meetings)
        await asked.alerts()
        await asked.viewed()
        await asked.rebuilt(known_at)


class Asked:
    """The ten questions, each with a claim on its answer."""

    def __init__(self, ines: Somebody, cast: Cast, after: list[str]) -> None:
        self.ines, self.cast, self.after = ines, cast, after
        self.story, self.days = ines.house.story, cast.days

    async def ask(self, question: str, **query: Any) -> Any:
        """One question; what was asked and answered is kept."""
        answer = await self.ines.ask(f"audit/questions/{question}", *self.after, **query)
        as_known = "_then" if "known_at" in query else ""
        self.story.keep(**{question.replace("-", "_") + as_known: {"asked": query, **answer}})
        self.story.teller.say(f"{answer['question']}")
        return answer["answer"]

    def span(self, since: int, until: int) -> dict[str, date]:
        return {"from": self.days[since], "to": self.days[until]}

    async def who_supported(self, known_at: datetime) -> None:
        asked = {"child_id": self.cast.esme.id, "on": self.days[COVERED]}
        then = await self.ask("who-supported", **asked, known_at=known_at.isoformat())
        now = await self.ask("who-supported", **asked)
        seen = [
            [
                (one["mentor_id"], one["role"], one["in_date"], [lack["item"] for lack in one["lacking"]])
                for one in found["mentors"]
            ]
            for found in (then, now)
        ]
        greta = self.cast.greta.id
        self.story.same(
            "1. Greta, as cover: in date as known then; without a valid check as known today",
            seen,
            [[(greta, "cover", True, [])], [(greta, "cover", False, ["dbs_enhanced"])]],
        )
        self.story.same(
            "and that Esme was without her own mentor", now["without_primary"], "primary_stood_aside"
        )

    async def ineligible(self, known_at: datetime) -> None:
        asked = {**self.span(0, 42), "child_id": self.cast.esme.id}
        then = await self.ask("delivered-by-ineligible", **asked, known_at=known_at.isoformat())
        now = await self.ask("delivered-by-ineligible", **asked)
        seen = [(one["day"], one["mentor_id"], one["found_later"]) for one in now["sessions"]]
        greta, days = self.cast.greta.id, self.days
        self.story.same(
            "2. her two hours of cover, found out later; as known then there were none",
            (then["sessions"], seen),
            ([], [(days[COVERED].isoformat(), greta, True), (days[29].isoformat(), greta, True)]),
        )

    async def on_what_evidence(self) -> None:
        found = await self.ask("cleared-on-evidence", mentor_id=self.cast.greta.id)
        checks = [one for one in found["clearances"] if one["kind"] == "dbs_enhanced"]
        seen = (
            [one["by"] for one in checks],
            bool(found["looked_at"]),
            [one["decided"] for one in found["decisions"]],
        )
        self.story.same(
            "3. three records of her check by the compliance officer, each decision, and who looked at it",
            seen,
            (["compliance:colm"] * 3, True, ["cleared", "stood_down", "cleared"]),
        )

    async def late_or_amended(self) -> None:
        found = await self.ask("late-or-amended-logs", **self.span(0, 7), child_id=self.cast.esme.id)
        seen = {
            (one["day"], change["what"], change["why"])
            for one in found["sessions"]
            for change in one["changes"]
        }
        why = "wrong_minutes: Nadia was called to the phone for a quarter of an hour."
        days = [self.days[n].isoformat() for n in (0, 3, 4)]
        self.story.same(
            "4. one amended, two late, each with before, after, by whom and why",
            seen,
            {(days[0], "amended", why), (days[1], "logged_late", None), (days[2], "logged_late", WHY_LATE)},
        )

    async def delivered(self) -> None:
        found = await self.ask("provision-delivered", child_id=self.cast.esme.id, **self.span(0, 28))
        school_days = 20 - 5 - 1
        self.story.same(
            f"5. an hour on each of {school_days} school days was specified; reasons account for all that is missing",
            (found["specified"], found["undelivered"], sum(one["minutes"] for one in found["reasons"])),
            (school_days * 60, found["specified"] - found["delivered"], found["undelivered"]),
        )
        rows = [[one["why"], str(one["minutes"])] for one in found["reasons"]]
        self.story.teller.table("", ["why", "minutes"], rows)

    async def without_primary(self, begins: int) -> None:
        found = await self.ask("without-primary", child_id=self.cast.esme.id, **self.span(0, begins + 1))
        covered = {
            day: one["mentor_id"]
            for gap in found["periods"]
            for one in gap["covered_by"]
            for day in one["days"]
        }
        lewis, greta = self.cast.lewis.id, self.cast.greta.id
        expected = {17: lewis, 18: lewis, COVERED: greta, 29: greta}
        self.story.same(
            f"6. {len(found['periods'])} periods without her own mentor; Lewis and Greta covered",
            covered,
            {self.days[n].isoformat(): mentor for n, mentor in expected.items()},
        )
        why = {gap["why"] for gap in found["periods"]}
        self.story.same(
            "because the mentor was away, or support rested", why, {"primary_stood_aside", "paused"}
        )

    async def whole_class(self, made: Assignment, meetings: Meetings) -> None:
        wide = {"from": self.days[0] - timedelta(days=730), "to": self.days[0], "child_id": made.child.id}
        found = await self.ask("whole-class-use", **wide)
        seen = [(one["session_id"], one["activities"]) for one in found["attempts"]]
        self.story.same(
            "7. the one attempt of the year before, refused",
            seen,
            [(meetings.breached, WITH_THE_CLASS["activities"])],
        )

    async def alerts(self) -> None:
        found = await self.ask("alerts-before-lapse", mentor_id=self.cast.lewis.id, item="ot")
        (story,) = found["lapses"]
        left = [one["days_left"] for one in story["warnings"] if one["days_left"] is not None]
        told = [one["told"] for one in story["warnings"] if one["days_left"] == 7]
        self.story.same(
            "8. warned 90, 60, 30 and 7 days before; it never lapsed",
            (left, story["lapse"]),
            ([90, 60, 30, 7], None),
        )
        hours = story["action"]["hours_after_first_warning"]
        self.story.holds(
            f"the last time {len(told[0])} people; acted upon {hours // 24} days after the first",
            bool(told[0]) and hours > 0,
            story,
        )

    async def viewed(self) -> None:
        path = f"audit/views/children/{self.cast.esme.id}"
        found = await self.ines.ask_all(path, *self.after)
        viewers = {one["viewer"] for one in found}
        mine = {self.cast.lewis.id, "ruth"}
        self.story.holds(
            f"9. {len(found)} views of {self.cast.esme.name}'s record, by {len(viewers)} people, Lewis among them",
            mine <= viewers,
            sorted(viewers),
        )
        self.story.keep(viewed=found[:5])

    async def rebuilt(self, known_at: datetime) -> None:
        """What was known then is issued as a report, and comes out of the ledger again byte for byte."""
        about = {"child_id": self.cast.esme.id, "on": self.days[COVERED].isoformat()}
        body = {"kind": "who-supported", "asked": about, "known_at": known_at.isoformat()}
        issued = (await self.ines.do("audit/reports", body, *self.after)).body
        given_out = await self.ines.ask(f"audit/reports/{issued['report_id']}")
        now = await self.ines.ask(f"audit/reports/{issued['report_id']}/rebuild", *self.after)
        self.story.same(
            "10. the report on what was known then is rebuilt byte for byte",
            (now["identical"], now["rebuilt"]["sha256"], now["why"]),
            (True, issued["sha256"], []),
        )
        mentors = [(one["mentor_id"], one["in_date"]) for one in given_out["answer"]["mentors"]]
        self.story.same(
            "and says still that Greta was in date, as was known then", mentors, [(self.cast.greta.id, True)]
        )
        self.story.keep(report=issued, report_rebuilt=now)
