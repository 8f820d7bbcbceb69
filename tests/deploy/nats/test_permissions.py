"""Each allow and each deny of every user, as the server enforces them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from tests.deploy.nats.house import (
    APPROVED,
    ASSIGNMENTS,
    LOCKED,
    LOGGED,
    PREFIX,
    SESSIONS,
    Bus,
    Line,
    durable,
)

API = "$JS.API"
OURS = "sessions-schools"  # sessions reads assignments
OTHERS = "training-mentors"  # so does training
ACME = durable("acme", APPROVED)
RAISED = "assignments.SafeguardingConcernRaised.v1"
FILTER = f"alongside.uk-london.open.{APPROVED}.>"

MAY = {
    "sessions-relay": [
        f"alongside.uk-london.open.{APPROVED}.p00",
        f"alongside.uk-london.sealed.{LOGGED}.p63",
        f"{API}.STREAM.INFO.{SESSIONS}",
        f"{API}.STREAM.MSG.GET.{SESSIONS}",
    ],
    "sessions-projector": [
        f"{API}.CONSUMER.INFO.{ASSIGNMENTS}.{OURS}",
        f"{API}.CONSUMER.MSG.NEXT.{ASSIGNMENTS}.{OURS}",
        f"{API}.CONSUMER.RESET.{ASSIGNMENTS}.{OURS}",
        f"{API}.CONSUMER.CREATE.{ASSIGNMENTS}.{OURS}",
        f"{API}.CONSUMER.CREATE.{ASSIGNMENTS}.sessions-rebuild-0",
        f"{API}.STREAM.INFO.{ASSIGNMENTS}",
        f"{API}.STREAM.MSG.GET.{ASSIGNMENTS}",
        f"$JS.ACK.{ASSIGNMENTS}.{OURS}.1.1.1.1.0",
        f"$JS.ACK.hub._.{ASSIGNMENTS}.{OURS}.1.1.1.1.0",
    ],
    "acme": [
        f"{PREFIX}.CONSUMER.CREATE.{SESSIONS}.{ACME}.{FILTER}",
        f"{PREFIX}.CONSUMER.INFO.{SESSIONS}.{ACME}",
        f"{PREFIX}.CONSUMER.MSG.NEXT.{SESSIONS}.{ACME}",
        f"$JS.ACK.{SESSIONS}.{ACME}.1.1.1.1.0",
        f"$JS.ACK.hub._.{SESSIONS}.{ACME}.1.1.1.1.0",
    ],
    "auditor": [
        f"{API}.STREAM.NAMES",
        f"{API}.STREAM.LIST",
        f"{API}.STREAM.INFO.{SESSIONS}",
        f"{API}.CONSUMER.INFO.{ASSIGNMENTS}.{OURS}",
        f"{API}.DIRECT.GET.{SESSIONS}",
        f"{API}.CONSUMER.CREATE.{SESSIONS}.audit",
        f"{API}.CONSUMER.MSG.NEXT.{SESSIONS}.audit",
        f"{API}.CONSUMER.DELETE.{SESSIONS}.audit",
    ],
    "provisioner": [
        f"{API}.STREAM.INFO.{SESSIONS}",
        f"{API}.STREAM.CREATE.{SESSIONS}",
        f"{API}.STREAM.UPDATE.{SESSIONS}",
        f"{API}.CONSUMER.CREATE.{SESSIONS}.any-new",
        f"{API}.CONSUMER.CREATE.{SESSIONS}.any-new.{FILTER}",
        f"{API}.CONSUMER.INFO.{SESSIONS}.any-new",
        f"{API}.CONSUMER.DELETE.{SESSIONS}.any-new",
    ],
    "operator": [
        f"alongside.uk-london.open.{APPROVED}.p00",
        f"{API}.STREAM.DELETE.EV_NOT_THERE",
        f"{API}.CONSUMER.LIST.{SESSIONS}",
    ],
}  # fmt: skip

NO_FACT = [f"alongside.uk-london.open.{APPROVED}.p00", "alongside.uk-london.open.training.Any.v1.p00"]
NO_HARM = [
    f"{API}.STREAM.DELETE.{SESSIONS}",
    f"{API}.STREAM.PURGE.{SESSIONS}",
    f"{API}.STREAM.MSG.DELETE.{SESSIONS}",
    f"{API}.STREAM.SNAPSHOT.{SESSIONS}",
    f"{API}.STREAM.RESTORE.{SESSIONS}",
    f"{API}.STREAM.CREATE.EV_ELSE",
]
NO_SETTING = [f"{API}.STREAM.UPDATE.{SESSIONS}", f"{API}.STREAM.CREATE.{SESSIONS}"]
NO_READING = [f"{API}.STREAM.MSG.GET.{SESSIONS}", f"{API}.DIRECT.GET.{SESSIONS}"]
NOT_THEIRS = [
    f"{API}.CONSUMER.{verb}.{ASSIGNMENTS}.{OTHERS}"
    for verb in ("INFO", "CREATE", "DELETE", "MSG.NEXT", "RESET")
]

MAY_NOT = {
    "sessions-relay": [
        *NO_HARM, *NO_SETTING, *NOT_THEIRS,
        "alongside.uk-london.open.training.CourseRetired.v1.p00",  # another service's facts
        "alongside.uk-wales.open.sessions.SessionApproved.v1.p00",  # another region's
        f"{API}.STREAM.MSG.GET.{ASSIGNMENTS}",
        f"{API}.DIRECT.GET.{SESSIONS}",
        f"{API}.CONSUMER.CREATE.{SESSIONS}.mine",
    ],
    "sessions-projector": [
        *NO_FACT, *NO_HARM, *NO_SETTING, *NOT_THEIRS,
        f"{API}.CONSUMER.CREATE.{ASSIGNMENTS}",
        f"{API}.CONSUMER.CREATE.{ASSIGNMENTS}.training-rebuild-0",
        f"{API}.CONSUMER.MSG.NEXT.{SESSIONS}.{ACME}",
        f"{API}.STREAM.MSG.GET.EV_UK_LONDON_NOTIFICATIONS",  # sessions does not listen to it
        f"$JS.ACK.{ASSIGNMENTS}.{OTHERS}.1.1.1.1.0",
    ],
    "acme": [
        *NO_FACT, *NO_HARM, *NO_SETTING, *NO_READING, *NOT_THEIRS,
        f"{PREFIX}.STREAM.INFO.{SESSIONS}",
        f"{PREFIX}.STREAM.NAMES",
        f"{PREFIX}.STREAM.SNAPSHOT.{SESSIONS}",
        f"{PREFIX}.STREAM.MSG.GET.{SESSIONS}",
        f"{PREFIX}.DIRECT.GET.{SESSIONS}",
        f"{PREFIX}.CONSUMER.RESET.{SESSIONS}.{ACME}",
        f"{PREFIX}.CONSUMER.CREATE.{SESSIONS}",
        f"{PREFIX}.CONSUMER.CREATE.{SESSIONS}.{ACME}",
        f"{PREFIX}.CONSUMER.CREATE.{SESSIONS}.{ACME}.alongside.uk-london.open.{LOCKED}.>",
        f"{PREFIX}.CONSUMER.CREATE.{SESSIONS}.acme-else.{FILTER}",
        f"{PREFIX}.CONSUMER.DURABLE.CREATE.{SESSIONS}.{ACME}",
        f"{PREFIX}.CONSUMER.INFO.{SESSIONS}.{durable('rival', LOCKED)}",
        f"{PREFIX}.CONSUMER.DELETE.{SESSIONS}.{durable('rival', LOCKED)}",
        f"{PREFIX}.CONSUMER.MSG.NEXT.{SESSIONS}.{durable('rival', LOCKED)}",
        f"$JS.ACK.{SESSIONS}.{durable('rival', LOCKED)}.1.1.1.1.0",
        "_INBOX.sessions-relay.any",
        "$SYS.REQ.SERVER.PING",
    ],
    "rival": [
        # what is sealed and not granted, what is restricted, what is in another region
        f"{PREFIX}.CONSUMER.CREATE.{SESSIONS}.{durable('rival', LOGGED)}.alongside.uk-london.sealed.{LOGGED}.>",
        f"{PREFIX}.CONSUMER.CREATE.{ASSIGNMENTS}.{durable('rival', RAISED)}.alongside.uk-london.restricted.{RAISED}.>",
        f"{PREFIX}.CONSUMER.CREATE.EV_UK_WALES_SESSIONS.{durable('rival', LOCKED)}.alongside.uk-wales.open.{LOCKED}.>",
        f"JS.UK_WALES.API.CONSUMER.MSG.NEXT.EV_UK_WALES_SESSIONS.{durable('rival', LOCKED)}",
        f"alongside.uk-wales.open.{LOCKED}.p00",
    ],
    "auditor": [
        *NO_FACT, *NO_HARM, *NO_SETTING,
        f"{API}.CONSUMER.DELETE.{ASSIGNMENTS}.{OURS}",
        f"{API}.CONSUMER.CREATE.{SESSIONS}.else",
        f"{API}.CONSUMER.MSG.NEXT.{ASSIGNMENTS}.{OURS}",
        f"$JS.ACK.{ASSIGNMENTS}.{OURS}.1.1.1.1.0",
    ],
    "provisioner": [
        *NO_FACT, *NO_READING, *NO_HARM,
        f"{API}.CONSUMER.MSG.NEXT.{ASSIGNMENTS}.{OURS}",
    ],
    "operator": ["alongside.uk-wales.open.sessions.SessionApproved.v1.p00", "$SYS.REQ.SERVER.PING"],
}  # fmt: skip


def each(lists: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(who, subject) for who, subjects in lists.items() for subject in subjects]


As = Callable[[str], Awaitable[Line]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def as_(bus: Bus) -> AsyncIterator[As]:
    """One connection for each user, for all that is tried with it."""
    lines: dict[str, Line] = {}
    async with AsyncExitStack() as stack:

        async def line(who: str) -> Line:
            if who not in lines:
                lines[who] = await stack.enter_async_context(bus.as_(who))
            return lines[who]

        yield line


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("who", "subject"), each(MAY))
async def test_what_a_user_may_say(as_: As, who: str, subject: str) -> None:
    line = await as_(who)
    assert await line.may_publish(subject), line.refused


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("who", "subject"), each(MAY_NOT))
async def test_what_a_user_may_not_say(as_: As, who: str, subject: str) -> None:
    assert not await (await as_(who)).may_publish(subject)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("who", list(MAY))
@pytest.mark.parametrize("subject", ["alongside.>", ">", "$JS.API.>", "_INBOX.training-relay.>", "$JS.ACK.>"])
async def test_nobody_hears_what_is_said_to_others(as_: As, who: str, subject: str) -> None:
    """Acme's inboxes are of an account of their own, and the operator's are everybody's."""
    alone = subject.startswith("_INBOX") and who in ("acme", "operator")
    assert await (await as_(who)).may_subscribe(subject) is alone
