"""Chapter 16: an evening's requests wait for the morning; support rests, and a child moves to another region."""

from deploy.demo import clocks
from deploy.demo.absences import called_off
from deploy.demo.calling import House
from deploy.demo.cast import Cast, ruth, told
from deploy.demo.suspended import is_sent, manager_heard


async def play(house: House, cast: Cast) -> None:
    with house.story.chapter("Support rests for the winter, and another child moves away"):
        await clocks.go_on(house, cast.days.at(29, "20:40"))
        await pause(house, cast)
        transfer = await ask_elsewhere(house, cast)
        await in_the_morning(house, cast)
        await taken_over(house, cast, transfer)


async def pause(house: House, cast: Cast) -> None:
    """The family is away for the winter: child and mentor rest together."""
    away = {"reason": "family_request", "paused_from": cast.days[30].isoformat()}
    await ruth(house).do(f"assignments/children/{cast.esme.id}/pause", away)
    await called_off(house, cast, (30, 31, 32), "assignment_paused")
    found = await ruth(house).until(
        f"assignments/assignments/{cast.assignment}",
        lambda found: found["status"] == "paused",
        "the assignment rests",
    )
    house.story.same(
        f"{cast.nadia.name} stays {cast.esme.name}'s mentor, and rests too",
        found["paused_from"],
        away["paused_from"],
    )
    heard = await told(
        house, "the family hears of the pause",
        lambda items: "parent" in {one["recipient_role"] for one in items},
        type="assignment_paused", child_id=cast.esme.id,
    )  # fmt: skip
    house.story.holds("the family has it in writing", bool(heard), heard)


async def ask_elsewhere(house: House, cast: Cast) -> str:
    """A family moves: the other region is asked, and may not take the child without consent. The transfer."""
    body = {"child_id": cast.finn.id, "to_region": "uk-north", "reason": "family_moved"}
    asked = await ruth(house).do("assignments/transfers", body)
    path = f"assignments/transfers/{asked.body['transfer_id']}"
    manager = house.somebody("manager", "mina")
    await manager.refused(
        "transfer_without_consent", f"{path}/accept", {"effective_on": cast.days[30].isoformat()}
    )
    found = await ruth(house).ask(f"assignments/children/{cast.finn.id}", asked.place)
    house.story.same(
        f"asking alone changes nothing: {cast.finn.name} is this region's", found["region"], house.region
    )
    return path


async def in_the_morning(house: House, cast: Cast) -> None:
    """What is not urgent waits until the quiet hours are over."""

    def about_finn(one: dict[str, str]) -> bool:
        return one["child_id"] == cast.finn.id

    held = await manager_heard(
        house, cast, "transfer_requested", "the manager has it in the application", about_finn
    )
    morning = clocks.at(cast.days[30], "07:30", cast.school["time_zone"])
    house.story.same(
        "what is asked of Mina at twenty to nine is in her inbox, and its mail waits for the morning",
        (held["held_for"], is_sent(held)),
        ("quiet_hours", False),
    )
    await clocks.go_on(house, morning)
    sent = await manager_heard(
        house, cast, "transfer_requested", "the mail goes out in the morning",
        lambda one: about_finn(one) and is_sent(one),
    )  # fmt: skip
    house.story.holds("at half past seven the mail goes out", is_sent(sent), sent["deliveries"])
    await house.somebody("manager", "mina").do(
        f"notifications/notifications/{sent['notification_id']}/acknowledgement"
    )


async def taken_over(house: House, cast: Cast, path: str) -> None:
    """With the parent's consent the other region takes the child, and only then owns it."""
    await ruth(house).do(f"{path}/consent", {"given_by": "parent"})
    done = await house.somebody("manager", "mina").do(
        f"{path}/accept", {"effective_on": cast.days[31].isoformat()}
    )
    transfer = await ruth(house).ask(path, done.place)
    house.story.same(
        "accepted, with consent on record",
        (transfer["status"], bool(transfer["parent_consent_at"])),
        ("accepted", True),
    )
    found = await ruth(house).until(
        f"assignments/children/{cast.finn.id}",
        lambda found: found["region"] == "uk-north",
        "the other region owns the child",
    )
    house.story.same(f"now {cast.finn.name} is the other region's", found["region"], "uk-north")
    house.story.keep(transfer=transfer)
