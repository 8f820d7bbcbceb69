"""Mail over real SMTP: what arrives, and what is said when it does not."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.notifications.channels import Item, Letter, NotDelivered
from services.notifications.channels.email import Email, message
from services.notifications.channels.post import MOST_LETTERS
from tests.support.sink import Sink, mail_sink

LETTER = Letter(
    notification_id=UUID(int=7),
    recipient_id=UUID(int=8),
    to_name="Ruth Bello",
    to_email="ruth.bello@example.org",
    to_phone=None,
    region="uk-london",
    language="en",
    subject_line="A mentor may not be with a child at present",
    items=(
        Item(
            "A mentor may not be with a child at present",
            "From 7 September 2026 on a mentor may not be with a child: SLT & <missing>.",
            "Arrange cover.",
            True,
            (("Child", "A. H."), ("Mentor", "G. O.")),
        ),
    ),
    digest=False,
    urgent=True,
    acknowledge=True,
    correlation_id="c-1",
    written_at=datetime(2026, 9, 7, 8, 0, tzinfo=UTC),
)
OPTIONAL = replace(LETTER, urgent=False, acknowledge=False)


@dataclass(frozen=True)
class Server:
    smtp_url: str
    mail_from: str = "alongside@agency.example"
    mail_connections: int = 4
    inbox_url: str | None = "https://alongside.example/inbox"


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with mail_sink() as found:
        yield found


async def test_a_letter_arrives_as_plain_text_and_html(sink: Sink) -> None:
    await Email(Server(sink.url)).deliver(LETTER)
    (mail,) = sink.mails
    assert mail["Message-ID"] == "<00000000-0000-0000-0000-000000000007@uk-london.agency.example>"
    assert mail["To"] == "Ruth Bello <ruth.bello@example.org>"
    assert mail["Subject"] == LETTER.subject_line
    assert mail["X-Correlation-ID"] == "c-1"
    assert mail["Content-Language"] == "en"
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert "SLT & <missing>." in plain.get_content()
    assert "SLT &amp; &lt;missing&gt;." in html.get_content()
    assert "Child: A. H." in plain.get_content()
    assert "What to do: Arrange cover." in plain.get_content()
    assert "https://alongside.example/inbox" in plain.get_content()


async def test_a_letter_sent_twice_carries_the_same_message_id(sink: Sink) -> None:
    await Email(Server(sink.url)).deliver(LETTER)
    await Email(Server(sink.url)).deliver(LETTER)
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1


async def test_no_machine_answers_a_letter_and_only_what_is_optional_can_be_left_out(sink: Sink) -> None:
    await Email(Server(sink.url)).deliver(LETTER)
    await Email(Server(sink.url)).deliver(OPTIONAL)
    urgent, optional = sink.mails
    assert {mail["Auto-Submitted"] for mail in sink.mails} == {"auto-generated"}
    assert urgent["List-Unsubscribe"] is None
    preferences = "<https://alongside.example/inbox/00000000-0000-0000-0000-000000000008/preferences>"
    assert optional["List-Unsubscribe"] == preferences
    assert (urgent["Importance"], optional["Importance"]) == ("high", None)


async def test_a_letter_without_items_says_only_that_there_is_something_to_read(sink: Sink) -> None:
    await Email(Server(sink.url)).deliver(
        replace(LETTER, items=(), subject_line="There is a message for you")
    )
    (mail,) = sink.mails
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        text = body.get_content()
        assert "https://alongside.example/inbox" in text
        for hidden in ("cover", "SLT", "A. H.", "c-1", "mentor"):
            assert hidden not in text
    assert mail["X-Correlation-ID"] is None
    assert mail["List-Unsubscribe"] is None


async def test_one_connection_carries_letters_one_after_the_other(sink: Sink) -> None:
    for _ in range(5):
        await Email(Server(sink.url)).deliver(LETTER)
    assert len(sink.mails) == 5
    assert sink.connections == 1


async def test_a_burst_takes_as_many_connections_as_are_allowed_and_no_more(sink: Sink) -> None:
    await asyncio.gather(*(Email(Server(sink.url)).deliver(LETTER) for _ in range(40)))
    assert len(sink.mails) == 40
    assert sink.connections == 4


async def test_a_connection_is_not_used_for_ever(sink: Sink) -> None:
    for _ in range(MOST_LETTERS + 1):
        await Email(Server(sink.url)).deliver(LETTER)
    assert sink.connections == 2


async def test_after_a_refusal_the_connection_is_good_for_the_next_letter(sink: Sink) -> None:
    sink.answer = "550 5.1.1 unknown"
    with pytest.raises(NotDelivered):
        await Email(Server(sink.url)).deliver(LETTER)
    sink.answer = None
    await Email(Server(sink.url)).deliver(LETTER)
    assert (len(sink.mails), sink.connections) == (1, 1)


async def test_a_server_that_hung_up_meanwhile_is_called_again(sink: Sink) -> None:
    await Email(Server(sink.url)).deliver(LETTER)
    await sink.hang_up()
    await Email(Server(sink.url)).deliver(LETTER)
    assert (len(sink.mails), sink.connections) == (2, 2)


async def test_a_mail_server_that_is_away_may_be_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = Server(f"smtp://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(NotDelivered, match="could not be reached") as failed:
            await Email(nobody).deliver(LETTER)
    assert not failed.value.permanent


@pytest.mark.parametrize(
    ("answer", "told", "permanent"),
    [
        ("451 4.3.0 try later", "451 4.3.0", False),
        ("421 4.7.0 too many", "421 4.7.0", False),
        ("550 5.1.1 <ruth.bello@example.org> unknown", "550 5.1.1", True),
        ("550 no such user", "550", True),
        ("552 5.2.2 mailbox full", "552 5.2.2", False),
        ("554 5.7.1 your address is on a list", "554 5.7.1", False),
        ("553 5.1.3 bad address", "553 5.1.3", True),
    ],
)
async def test_what_a_refusal_means(sink: Sink, answer: str, told: str, permanent: bool) -> None:
    """For good: the address does not exist. For now: a full mailbox, a policy against us, anything 4xx."""
    sink.answer = answer
    with pytest.raises(NotDelivered) as failed:
        await Email(Server(sink.url)).deliver(LETTER)
    assert failed.value.permanent is permanent
    assert told in failed.value.reason
    assert "ruth" not in failed.value.reason


async def test_a_server_that_does_not_take_our_mail_is_no_reason_to_give_anybody_up(sink: Sink) -> None:
    sink.greeting = "554 5.7.1 unknown sender"
    with pytest.raises(NotDelivered, match=r"does not take our mail: 554 5\.7\.1") as failed:
        await Email(Server(sink.url)).deliver(LETTER)
    assert not failed.value.permanent


def test_nobody_can_add_a_header_through_a_name() -> None:
    forged = replace(LETTER, to_name="Ruth\r\nBcc: everybody@example.org")
    with pytest.raises(ValueError, match="invalid arguments"):
        message(forged, "alongside@agency.example")
