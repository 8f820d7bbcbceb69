"""What leads to the facts of notifications."""

from collections.abc import Awaitable, Callable

from deploy.triggering import meetings, people
from deploy.triggering.stage import Stage

Scene = Callable[[Stage], Awaitable[object]]


async def _changed(s: Stage) -> object:
    details = {**s.person(), "role": "parent", "child_id": await people.child(s)}
    return await s.put(f"notifications/recipients/{await people.recipient(s)}", details)


async def _removed(s: Stage) -> None:
    await s.remove(f"notifications/recipients/{await people.recipient(s)}")


async def _preferences(s: Stage) -> object:
    quiet = {"quiet_from": "20:00", "quiet_until": "07:30"}
    return await s.put(f"notifications/recipients/{await people.recipient(s)}/preferences", quiet)


async def _link(s: Stage) -> object:
    path = f"notifications/recipients/{await people.recipient(s)}/calendar-link"
    return await s.do(path, role="manager")


def _answer(what: str) -> Scene:
    async def play(s: Stage) -> object:
        notification, child = await meetings.told(s), await people.child(s)
        path = f"notifications/notifications/{notification}/{what}"
        return await s.do(path, role="parent", name=child)

    return play


SCENES: dict[str, Scene] = {
    "RecipientRegistered": people.recipient,
    "RecipientDetailsChanged": _changed,
    "RecipientRemoved": _removed,
    "PreferencesSet": _preferences,
    "CalendarLinkIssued": _link,
    "NotificationRequested": meetings.told,
    "NotificationSent": meetings.told,
    "NotificationRead": _answer("read"),
    "NotificationAcknowledged": _answer("acknowledgement"),
}
