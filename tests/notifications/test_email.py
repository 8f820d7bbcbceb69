"""Mail over real SMTP: what arrives, and what is said when it does not."""

import socket
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.notifications.channels import Letter, NotDelivered
from services.notifications.channels.email import Email, message
from services.notifications.channels.letters import initials, local_time
from tests.support.sink import Sink

LETTER = Letter(
    notification_id=UUID(int=7),
    to_name="Ruth Bello",
    to_email="ruth.bello@example.org",
    region="uk-london",
    subject_line="A mentor may not be with a child at present",
    body="From 7 Sep 2026 the mentor may not be with a child: SLT training lapsed & <missing>.",
    urgent=True,
    about=(("Child", "A. H."), ("Mentor", "G. O.")),
    correlation_id="c-1",
    written_at=datetime(2026, 9, 7, 8, 0, tzinfo=UTC),
)


@dataclass(frozen=True)
class Server:
    smtp_url: str
    mail_from: str = "alongside@agency.example"
    inbox_url: str | None = "https://alongside.example/inbox"


async def test_a_letter_arrives_as_plain_text_and_html(sink: Sink) -> None:
    await Email(Server(sink.url)).deliver(LETTER)
    (mail,) = sink.mails
    assert mail["Message-ID"] == "<00000000-0000-0000-0000-000000000007@uk-london.agency.example>"
    assert mail["To"] == "Ruth Bello <ruth.bello@example.org>"
    assert mail["Subject"] == LETTER.subject_line
    assert mail["X-Correlation-ID"] == "c-1"
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert "SLT training lapsed & <missing>." in plain.get_content()
    assert "SLT training lapsed &amp; &lt;missing&gt;." in html.get_content()
    assert "Child: A. H." in plain.get_content()
    assert "https://alongside.example/inbox" in plain.get_content()


async def test_a_letter_sent_twice_carries_the_same_message_id(sink: Sink) -> None:
    await Email(Server(sink.url)).deliver(LETTER)
    await Email(Server(sink.url)).deliver(LETTER)
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1


async def test_a_mail_server_that_is_away_may_be_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = Server(f"smtp://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(NotDelivered, match="could not be reached") as failed:
            await Email(nobody).deliver(LETTER)
    assert not failed.value.permanent


async def test_a_mail_server_that_is_busy_may_be_tried_again(sink: Sink) -> None:
    sink.answer = "451 4.3.0 try later"
    with pytest.raises(NotDelivered, match="answered 451") as failed:
        await Email(Server(sink.url)).deliver(LETTER)
    assert not failed.value.permanent


async def test_a_refused_recipient_is_given_up_and_the_reason_does_not_name_them(sink: Sink) -> None:
    sink.answer = "550 5.1.1 <ruth.bello@example.org> unknown"
    with pytest.raises(NotDelivered, match="answered 550") as failed:
        await Email(Server(sink.url)).deliver(LETTER)
    assert failed.value.permanent
    assert "ruth" not in failed.value.reason


def test_nobody_can_add_a_header_through_a_name() -> None:
    forged = replace(LETTER, to_name="Ruth\r\nBcc: everybody@example.org")
    with pytest.raises(ValueError, match="invalid arguments"):
        message(forged, "alongside@agency.example")


def test_people_in_a_letter_are_initials_and_times_are_the_schools() -> None:
    assert initials("Ada Mary  hartley") == "A. M. H."
    assert local_time(datetime(2026, 9, 7, 8, 0, tzinfo=UTC), "Europe/London") == "2026-09-07 09:00"
