"""Chapter 8, continued: what was known before the certification expired, beside what is known now."""

from typing import Any

from deploy.demo.calling import Somebody
from deploy.demo.clocks import spoken
from deploy.demo.expiry import Expiry
from deploy.demo.matching import Assignment


async def known_before(auditor: Somebody, made: Assignment, expiry: Expiry, after: list[str]) -> None:
    """The same question about the past has the same answer; the one about now has another."""
    story, path = auditor.house.story, f"audit/state/children/{made.child.id}"
    then = await auditor.ask(path, *after, known_at=expiry.known_at.isoformat())
    story.same(
        f"asked again, what was known at {expiry.known_at:%H:%M:%S} on {spoken(expiry.known_at)} is what was told then",
        (then["result_sha256"], then["state"]),
        (expiry.before["result_sha256"], expiry.before["state"]),
    )
    now = await auditor.ask(path, *after)
    was, is_ = (found["state"]["mentors"][0]["compliance"] for found in (then, now))
    story.same(
        "then the mentor was cleared and in date; now stood down, and the answer says why",
        [
            (was["cleared_by_training"], was["in_date"], [lack["item"] for lack in was["lacking"]]),
            (is_["cleared_by_training"], is_["in_date"], [lack["item"] for lack in is_["lacking"]]),
        ],
        [(True, True, []), (False, False, ["safeguarding"])],
    )
    later = then["on"] < now["on"]
    story.holds(
        "the two answers are about different days, and rest on different facts", later and now != then
    )
    past = await auditor.ask_all(
        f"audit/timelines/children/{made.child.id}", *after, known_at=expiry.known_at.isoformat()
    )
    known = {fact["type"] for fact in past}
    story.same(
        "the timeline as known then tells of the breach, and of no expiry",
        ("sessions.RoleBoundaryBreached.v1" in known, "training.CertificationExpired.v1" in known),
        (True, False),
    )
    sessions = then["state"]["sessions"]
    story.same(
        "then two sessions had taken place, with one breach of the role",
        (sessions["started"], sessions["logged"], sessions["role_boundary_breaches"]),
        (2, 2, 1),
    )
    compare(auditor, then, now)
    story.keep(as_known_before=then, as_known_now=now)


def compare(auditor: Somebody, then: Any, now: Any) -> None:
    rows = []
    for name, found in (("known before", then), ("known now", now)):
        support = found["state"]["mentors"][0]["compliance"]
        lacking = ", ".join(f"{lack['item']} {lack['status']} {lack['since']}" for lack in support["lacking"])
        rest = ", ".join(f"{source} {one['facts']}" for source, one in found["rests_on"].items())
        rows.append([name, found["on"], "yes" if support["in_date"] else "no", lacking or "nothing", rest])
    auditor.house.story.teller.table("", ["", "on", "in date", "lacking", "rests on facts of"], rows)
