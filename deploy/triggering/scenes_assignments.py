"""What leads to the facts of assignments."""

from collections.abc import Awaitable, Callable

from deploy.triggering import people
from deploy.triggering.stage import Body, Stage

Scene = Callable[[Stage], Awaitable[object]]


def _request(what: str, body: Callable[[Stage], Body], *before: Scene) -> Scene:
    async def play(s: Stage) -> object:
        for one in before:
            await one(s)
        path = f"assignments/support-requests/{(await people.request(s))['request_id']}/{what}"
        return await s.do(path, body(s))

    return play


def _child(what: str, body: Callable[[Stage], Body], *before: Scene) -> Scene:
    async def play(s: Stage) -> object:
        await people.child(s)
        for one in before:
            await one(s)
        return await s.do(f"assignments/children/{await people.child(s)}/{what}", body(s))

    return play


def _mentor(what: str, body: Callable[[Stage], Body], *before: Scene) -> Scene:
    async def play(s: Stage) -> object:
        for one in before:
            await one(s)
        return await s.do(f"assignments/mentors/{await people.engaged(s)}/{what}", body(s))

    return play


def _assignment(what: str, body: Callable[[Stage], Body], *before: Scene) -> Scene:
    async def play(s: Stage) -> object:
        made = await people.assignment(s)
        for one in before:
            await one(s)
        return await s.do(f"assignments/assignments/{made}/{what}", body(s))

    return play


async def _registered(s: Stage) -> None:
    await people.register(s, people.new_urn(), "Larkfield Primary School")


async def _renamed(s: Stage) -> None:
    urn = people.new_urn()
    await people.register(s, urn, "Larkfield Primary School")
    await people.register(s, urn, "Larkfield Church School")


async def _answered(s: Stage) -> object:
    await ASKED(s)
    path = f"assignments/support-requests/{(await people.request(s))['request_id']}/answer"
    whose = (await people.school(s))["school_id"]
    return await s.do(path, {"answer": "Half past nine suits best."}, role="school", name=whose)


async def _taken_up(s: Stage) -> object:
    await WAITLISTED(s)
    return await s.do(f"assignments/support-requests/{(await people.request(s))['request_id']}/resume")


async def _applied(s: Stage) -> object:
    return await s.do("assignments/mentors/applications", {**s.person(), "applied_on": s.day(0)})


async def _offer_cancelled(s: Stage) -> object:
    return await s.do(f"assignments/offers/{await people.offer(s)}/cancel", {"reason": "mentor_declined"})


async def _looked_at(s: Stage) -> object:
    child = await people.child(s)
    return await s.house.somebody("coordinator", "ruth").ask(f"assignments/children/{child}", *s.after)


async def _cover(s: Stage) -> Body:
    async def make() -> Body:
        await people.assignment(s)
        asked = [await people.mentor(s, "two")]
        which = {"child_id": await people.child(s), "form": "individual", "asked": asked}
        return await s.do("assignments/covers", {**which, "days": [s.day(1), s.day(2)], "reason": "other"})

    return await s.once("cover", make)


def _cover_answer(what: str, *days: int) -> Scene:
    async def play(s: Stage) -> object:
        cover, mentor = (await _cover(s))["id"], await people.mentor(s, "two")
        body: Body = {"mentor_id": mentor}
        if days:
            body["days"] = [s.day(number) for number in days]
        return await s.do(f"assignments/covers/{cover}/{what}", body, role="mentor", name=mentor)

    return play


async def _cover_cancelled(s: Stage) -> object:
    return await s.do(f"assignments/covers/{(await _cover(s))['id']}/cancel", {"reason": "no_longer_needed"})


async def _transfer(s: Stage) -> Body:
    async def make() -> Body:
        wish = {"child_id": await people.child(s), "to_region": "uk-elsewhere", "reason": "family_moved"}
        return await s.do("assignments/transfers", wish)

    return await s.once("transfer", make)


def _transferred(what: str, body: Body) -> Scene:
    async def play(s: Stage) -> object:
        return await s.do(f"assignments/transfers/{(await _transfer(s))['id']}/{what}", body)

    return play


TRIAGED = _request("triage", lambda s: {"urgency": "soon", "areas": people.AREAS})
ASKED = _request(
    "ask", lambda s: {"question": "When does the day begin?", "answer_due_on": s.day(7)}, TRIAGED
)
WAITLISTED = _request("waitlist", lambda s: {"reason": "no_mentor_free", "review_on": s.day(14)}, TRIAGED)
PAUSED = _child("pause", lambda s: {"reason": "family_request", "paused_from": s.day(0)}, people.assignment)
EXITED = _child("exit", lambda s: {"reason": "outcomes_reached", "exited_on": s.day(0)})
ON_LEAVE = _mentor("leave-of-absence", lambda s: {"leave_from": s.day(0), "kind": "study"})
SUPPORT_PAUSED = _assignment("pause", lambda s: {"reason": "child_unwell", "paused_from": s.day(0)})
HANDED = _assignment("handover/begin", lambda s: {"last_day": s.day(7), "reason": "replaced"})

SCENES: dict[str, Scene] = {
    "SchoolRegistered": _registered,
    "SchoolDetailsChanged": _renamed,
    "SupportRequestReceived": people.request,
    "ChildReferred": people.request,
    "SupportRequestTriaged": TRIAGED,
    "SupportRequestDeclined": _request("decline", lambda s: {"reason": "no_capacity"}),
    "SupportRequestWithdrawn": _request("withdraw", lambda s: {"reason": "no_longer_needed"}),
    "InformationRequested": ASKED,
    "InformationReceived": _answered,
    "SupportRequestWaitlisted": WAITLISTED,
    "SupportRequestResumed": _taken_up,
    "SupportRequestTakenOn": people.child,
    "ChildAccepted": people.child,
    "ProvisionSpecified": people.child,
    "ChildProfileUpdated": _child(
        "profile", lambda s: {"needs": ["autism"], "curriculum_level": "key_stage_2"}
    ),
    "ProvisionReviewed": _child(
        "reviews", lambda s: {"reviewed_on": s.day(0), "decision": "continue", "summary": "It helps."}
    ),
    "ChildAbsenceReported": _child(
        "absences", lambda s: {"absent_from": s.day(1), "absent_until": s.day(2), "reason": "illness"}
    ),
    "ChildPaused": PAUSED,
    "ChildResumed": _child("resume", lambda s: {"resumed_on": s.day(1)}, PAUSED),
    "ChildExited": EXITED,
    "ChildReopened": _child("reopen", lambda s: {"reopened_on": s.day(1)}, EXITED),
    "MentorApplied": _applied,
    "MentorEngaged": people.engaged,
    "MentorProfileUpdated": _mentor("profile", lambda s: {"areas": people.AREAS, "languages": ["en"]}),
    "MentorAvailabilitySet": _mentor(
        "availability",
        lambda s: {"minutes_per_week": 300, "weekdays": ["monday"], "effective_from": s.day(0)},
    ),
    "MentorAbsenceReported": _mentor(
        "absences", lambda s: {"absent_from": s.day(1), "absent_until": s.day(2), "reason": "illness"}
    ),
    "MentorWentOnLeave": ON_LEAVE,
    "MentorReturned": _mentor("return", lambda s: {"returned_on": s.day(0)}, ON_LEAVE),
    "MentorLeft": _mentor("leave", lambda s: {"left_on": s.day(0)}),
    "MentorOffered": people.offer,
    "SupportRequestOffered": people.offer,
    "OfferAccepted": people.accepted,
    "SupportRequestAccepted": people.accepted,
    "OfferCancelled": _offer_cancelled,
    "SupportRequestMatchLost": _offer_cancelled,
    "MentorAssigned": people.assignment,
    "ChildActivated": people.assignment,
    "SupportRequestFulfilled": people.assignment,
    "AssignmentPaused": SUPPORT_PAUSED,
    "AssignmentResumed": _assignment("resume", lambda s: {"resumed_on": s.day(0)}, SUPPORT_PAUSED),
    "AssignmentEnded": _assignment("end", lambda s: {"reason": "outcomes_reached", "ended_on": s.day(1)}),
    "HandoverBegun": HANDED,
    "HandoverRecorded": _assignment("handover", lambda s: {"summary": "Sits on the left."}, HANDED),
    "HandoverOverridden": _assignment(
        "handover/override", lambda s: {"reason": "mentor_unavailable"}, HANDED
    ),
    "CoverRequested": _cover,
    "CoverAccepted": _cover_answer("accept"),
    "CoverPartiallyAccepted": _cover_answer("accept", 1),
    "CoverDeclined": _cover_answer("decline"),
    "CoverCancelled": _cover_cancelled,
    "RegionTransferRequested": _transfer,
    "RegionTransferConsentRecorded": _transferred("consent", {"given_by": "parent"}),
    "RegionTransferCancelled": _transferred("cancel", {"reason": "move_called_off"}),
    "RecordViewed": _looked_at,
}
