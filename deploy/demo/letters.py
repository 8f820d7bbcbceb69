"""Chapter 7: what people were told, in the application and by e-mail."""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from deploy.demo.calling import House
from deploy.demo.contact import Meetings
from deploy.demo.expiry import Expiry
from deploy.demo.matching import Assignment
from deploy.demo.requests import Office

ABOUT_THE_CHILD = ["request_received", "match_offered", "assignment_started", "role_boundary_breached"]


async def play(
    house: House, made: Assignment, meetings: Meetings, office: Office, expiry: Expiry, mail: Path | None
) -> None:
    """`mail` is the folder in which the local mail server keeps what it took; None when it is a real one."""
    with house.story.chapter("People are told, in the application and by e-mail"):
        told = await all_sent(house, made, meetings, office)
        show(house, told)
        thread(house, told, meetings, expiry)
        if mail is None:
            house.story.teller.say(
                "The mail server is not ours, so the letters themselves are not read here."
            )
        else:
            letters_arrived(house, told, made, office, mail)
        await acknowledge(house, told, office)
        house.story.keep(notifications=told)


async def all_sent(house: House, made: Assignment, meetings: Meetings, office: Office) -> list[Any]:
    """The coordinator's notifications of this story, once every one has gone out on both channels."""

    coordinator, path = (
        house.somebody("coordinator", "ruth"),
        f"notifications/recipients/{office.coordinator}/inbox",
    )
    listed = await coordinator.ask_all(path, *await house.heads("notifications"))
    ids = [one["notification_id"] for one in reversed(listed) if is_about(one, made)]
    found = []
    for done, id_ in enumerate(ids):
        house.story.teller.progress("letters gone out", done, len(ids))
        found.append(await coordinator.until(f"notifications/notifications/{id_}", is_out, "it is sent"))
    house.story.teller.progress("letters gone out", len(ids), len(ids))
    types = [one["type"] for one in found]
    expected = {*ABOUT_THE_CHILD, "deployability_lost", "session_cancelled"}
    house.story.same(
        f"the coordinator's inbox tells the whole story, in {len(set(types))} kinds of notification",
        sorted(expected - set(types)),
        [],
    )
    house.story.same(
        "one for each cancelled session, one for the breach, one for the mentor who may not come",
        [types.count(kind) for kind in ("session_cancelled", "role_boundary_breached", "deployability_lost")],
        [len(meetings.coming), 1, 1],
    )
    ways = {tuple(sorted(way["channel"] for way in one["deliveries"])) for one in found}
    house.story.same("each was sent in-app and by e-mail", ways, {("email", "in_app")})
    return found


def is_about(one: Any, made: Assignment) -> bool:
    """Whether it tells of this child, or that this child's mentor may not come."""
    lost = one["type"] == "deployability_lost" and one["mentor_id"] == made.mentor.id
    return lost or bool(one["child_id"] == made.child.id)


def is_out(one: Any) -> bool:
    """Whether it has left on every channel."""
    return all(way["status"] in ("sent", "delivered") for way in one["deliveries"])


def show(house: House, told: list[Any]) -> None:
    rows = [[one["requested_at"][:16].replace("T", " "), one["type"], one["subject_line"]] for one in told]
    house.story.teller.table("", ["when", "type", "subject"], rows)


def thread(house: House, told: list[Any], meetings: Meetings, expiry: Expiry) -> None:
    """What people are told carries the correlation id of what caused it."""
    by_type = {one["type"]: one["correlation_id"] for one in told}
    house.story.same(
        "the thread is unbroken from the refused log, and from the due time, to what the coordinator reads",
        (by_type["role_boundary_breached"], by_type["deployability_lost"], by_type["session_cancelled"]),
        (meetings.breach_correlation, expiry.correlation, expiry.correlation),
    )


def letters_arrived(house: House, told: list[Any], made: Assignment, office: Office, mail: Path) -> None:
    """The mail server has each of them: to her, under its subject, on its thread, naming nobody."""
    letters = find(mail, {one["notification_id"] for one in told})
    story = house.story
    story.same(
        f"the mail server took {len(told)} letters to {office.coordinator_email}",
        {id_: parseaddr(str(letter["To"]))[1] for id_, letter in letters.items()},
        {one["notification_id"]: office.coordinator_email for one in told},
    )
    story.same(
        "each with the subject and the thread of its notification",
        {id_: (str(letter["Subject"]), str(letter["X-Correlation-ID"])) for id_, letter in letters.items()},
        {one["notification_id"]: (one["subject_line"], one["correlation_id"]) for one in told},
    )
    people = [part for name in (made.child.name, made.mentor.name) for part in name.split()]
    heads = [f"{letter['Subject']} {letter['To']}" for letter in letters.values()]
    story.same(
        "no subject line names the child or the mentor", [part for part in people if part in str(heads)], []
    )
    lost = next(one for one in told if one["type"] == "deployability_lost")
    text = body(letters[lost["notification_id"]])
    why = lost["body"].partition(". ")[0]
    story.holds("the letter says why the mentor may not come", why in " ".join(text.split()), text)
    story.teller.say(f"It reads: {' '.join(text.split())}")
    story.keep(letter=text)


def find(mail: Path, wanted: set[str]) -> dict[str, EmailMessage]:
    """The newest letter of each notification; its id is the first part of Message-ID."""
    found: dict[str, EmailMessage] = {}
    for file in sorted(mail.glob("*.eml"), reverse=True):
        if wanted <= found.keys():
            break
        letter = BytesParser(policy=default).parsebytes(file.read_bytes())
        id_ = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        if id_ in wanted:
            found.setdefault(id_, letter)
    return found


def body(letter: EmailMessage) -> str:
    """The text that a person reads."""
    part = letter.get_body(("plain",))
    return str(part.get_content()) if part else ""


async def acknowledge(house: House, told: list[Any], office: Office) -> None:
    """The coordinator has seen what is urgent."""
    coordinator = house.somebody("coordinator", "ruth")
    lost = next(one for one in told if one["type"] == "deployability_lost")
    done = await coordinator.do(f"notifications/notifications/{lost['notification_id']}/acknowledgement")
    found = await coordinator.ask(f"notifications/notifications/{lost['notification_id']}", done.place)
    house.story.holds(
        "the coordinator has acknowledged it", bool(found["acknowledged_at"]), found["acknowledged_at"]
    )
    page = await coordinator.ask(
        f"notifications/recipients/{office.coordinator}/inbox", done.place, unread=True, limit=200
    )
    unread = {one["notification_id"] for one in page["items"]}
    house.story.holds("and it is no longer among what is unread", lost["notification_id"] not in unread)
