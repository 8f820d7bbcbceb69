"""What leads to the facts of training."""

import secrets
from collections.abc import Awaitable, Callable

from deploy.triggering import people
from deploy.triggering.stage import Body, Stage

Scene = Callable[[Stage], Awaitable[object]]


async def _course(s: Stage, *, draft: bool = False) -> str:
    async def make() -> Body:
        body = people.course("slt", f"Listening together {secrets.token_hex(3)}")
        return await s.do("training/courses", {**body, "draft": draft}, role="trainer")

    return str((await s.once("course", make))["course_id"])


async def _drafted(s: Stage) -> object:
    return await _course(s, draft=True)


async def _retired(s: Stage) -> object:
    return await s.do(f"training/courses/{await _course(s)}/retirement", role="trainer")


def _enrolment(what: str, body: Callable[[Stage], Body], role: str = "trainer", *before: Scene) -> Scene:
    async def play(s: Stage) -> object:
        enrolment = await people.enrolment(s)
        for one in before:
            await one(s)
        return await s.do(f"training/enrolments/{enrolment}/{what}", body(s), role=role)

    return play


async def _clearance(s: Stage) -> object:
    body = {"kind": "identity", "issued_on": s.day(-30), "reference": "IDENTITY-0417"}
    path = f"training/mentors/{await people.engaged(s)}/clearances"
    return await s.once("clearance", lambda: s.do(path, body, role="compliance"))


async def _clearance_withdrawn(s: Stage) -> object:
    await _clearance(s)
    body = {"kind": "identity", "issued_on": s.day(-30), "reason": "Somebody else's passport."}
    path = f"training/mentors/{await people.engaged(s)}/clearances/withdrawal"
    return await s.do(path, body, role="compliance")


async def _revoked(s: Stage) -> object:
    """Takes what the mentor needs away, so that they are stood down as well."""
    mentor = await people.mentor(s)
    page = await s.house.somebody("manager", "mina").until(
        "training/certifications",
        lambda page: bool(page["items"]),
        "certified",
        mentor_id=mentor,
        track="slt",
    )
    path = f"training/mentors/{mentor}/certifications/{page['items'][0]['certification_id']}/revocation"
    return await s.do(path, {"reason": "The certificate was a copy."}, role="compliance")


async def _suspended(s: Stage) -> object:
    path = f"training/mentors/{await people.mentor(s)}/suspension"
    reason = {"reason_code": "at_own_request"}
    return await s.once("suspended", lambda: s.do(path, reason, role="compliance"))


async def _lifted(s: Stage) -> object:
    await _suspended(s)
    return await s.do(f"training/mentors/{await people.mentor(s)}/suspension/lifting", role="compliance")


COMPLETED = _enrolment("completion", lambda s: {"completed_on": s.day(0), "evidence": "attendance sheet"})
SCENES: dict[str, Scene] = {
    "CourseDrafted": _drafted,
    "CoursePublished": _course,
    "CourseRetired": _retired,
    "TrainingAssigned": people.enrolment,
    "TrainingStarted": _enrolment("start", lambda s: {}),
    "TrainingCompleted": COMPLETED,
    "CertificationGranted": COMPLETED,
    "TrainingFailed": _enrolment("failure", lambda s: {"failed_on": s.day(0)}),
    "TrainingWaived": _enrolment(
        "waiver", lambda s: {"reason": "trained_elsewhere", "evidence": "a diploma"}, "compliance"
    ),
    "TrainingWithdrawn": _enrolment("withdrawal", lambda s: {"reason": "assigned_in_error"}),
    "ClearanceRecorded": _clearance,
    "ClearanceWithdrawn": _clearance_withdrawn,
    "MentorVetted": people.mentor,
    "MentorCleared": people.mentor,
    "CertificationRevoked": _revoked,
    "MentorStoodDown": _revoked,
    "MentorSuspended": _suspended,
    "SuspensionLifted": _lifted,
}
