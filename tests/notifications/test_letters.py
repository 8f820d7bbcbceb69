"""What waits on a channel becomes a letter: initials only, in the reader's language, and nothing of a concern."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from psycopg import AsyncConnection

from services.notifications.channels.email import message
from services.notifications.channels.letters import initials, letter
from services.notifications.channels.settings import ChannelSettings
from services.notifications.read_model.letters import To, Told, Waiting
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.training.standing import MentorStoodDown
from tests.notifications.test_over_http import RUTH, register
from tests.support.examples import example
from tests.support.served import Served
from tests.support.sink import Sink

NOW = datetime(2026, 9, 7, 8, tzinfo=UTC)
RUTH_TO = To(
    UUID(int=2), "coordinator", "Ruth Bello", "ruth@example.org", None, "uk-london", "Europe/London", False
)
CANCELLED = Told(
    "session_cancelled",
    {"reason": "child_absent", "cancelled_by": "school", "starts_at": "2026-09-07T08:00:00+00:00"},
    False,
    False,
    "Ada Mary Hartley",
    "Grace Okafor",
    NOW,
    "Europe/London",
)
CONCERN = Told("safeguarding_concern", {"concern_id": "c"}, True, True, "Ada Hartley", None, None, None)
WAITING = Waiting(UUID(int=1), "en", CANCELLED, RUTH_TO, "trying", 1, NOW)


def mail(waiting: Waiting) -> tuple[str, str]:
    """The whole of the mail's headers, and of its texts."""
    assert waiting.to
    found = message(letter(waiting, waiting.to, "c-1"), "alongside@agency.example", "https://a.example/inbox")
    bodies = [part.get_content() for part in found.walk() if not part.is_multipart()]
    return "\n".join(f"{name}: {value}" for name, value in found.items()), "\n".join(bodies)


def test_people_in_a_letter_are_initials_and_times_are_the_schools() -> None:
    _, text = mail(WAITING)
    assert "Child: A. M. H." in text
    assert "Mentor: G. O." in text
    assert "Monday 7 September 2026 at 09:00" in text
    assert "Hartley" not in text
    assert initials("Ada Mary  hartley") == "A. M. H."


def test_a_letter_is_in_the_readers_language() -> None:
    headers, text = mail(replace(WAITING, language="cy"))
    assert "Subject: Canslwyd sesiwn" in headers
    assert "Annwyl Ruth Bello" in text
    assert "Plentyn: A. M. H." in text
    assert 'lang="cy"' in text


@pytest.mark.parametrize("language", ["en", "cy"])
def test_of_a_concern_no_word_leaves_the_house(language: str) -> None:
    headers, text = mail(replace(WAITING, told=CONCERN, language=language))
    for hidden in ("A. H.", "Ada", "concern", "afeguard", "pryder", "diogelu", "c-1", "child", "plentyn"):
        assert hidden not in text.replace("acknowledge", "")
        assert hidden not in headers
    assert "https://a.example/inbox" in text
    assert "Alongside" in text


def test_a_digest_is_one_letter_of_many_things_and_leaves_a_concern_out() -> None:
    digest = replace(CANCELLED, type="digest", parameters={}, child=None, mentor=None, session_at=None)
    again = replace(CANCELLED, type="log_due", parameters={})
    headers, text = mail(replace(WAITING, told=digest, includes=(CANCELLED, CONCERN, again)))
    assert "Subject: Your summary: 2 messages" in headers
    assert "A session was cancelled" in text
    assert "A session log is due" in text
    assert "concern" not in text


def test_a_digest_of_one_thing_says_message_and_not_messages() -> None:
    digest = replace(CANCELLED, type="digest", parameters={})
    headers, _ = mail(replace(WAITING, told=digest, includes=(CANCELLED,)))
    assert "Subject: Your summary: 1 message" in headers


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALONGSIDE_SERVICE_URLS", '{"console": "http://127.0.0.1:8600/console"}')
    monkeypatch.setenv("ALONGSIDE_SMS", "off")
    settings = ChannelSettings()
    assert settings.inbox_url == "http://127.0.0.1:8600/console/inbox"
    assert settings.sms == "off"


async def test_a_mail_that_left_does_not_leave_again_when_only_the_checkpoint_was_lost(
    notifications: Served, sink: Sink, database_url: str
) -> None:
    await register(notifications)
    await notifications.hear("assignments", example(MentorEngaged))
    await notifications.hear("training", example(MentorStoodDown))
    sent = len(sink.mails)
    assert sent == 2
    connection: AsyncConnection[Any]
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("UPDATE checkpoints SET position = 0 WHERE projection = 'deliver_email'")
    notifications._told["notifications"] = 0
    await notifications.settle()
    assert len(sink.mails) == sent
    assert await notifications.parked() == 0


async def test_a_burst_arrives_once_each(notifications: Served, sink: Sink) -> None:
    for at in range(30):
        await notifications.running.store.head()
        await notifications.client.post(
            "/notifications/recipients",
            json={**RUTH, "email": f"ruth{at}@example.org"},
            headers={"Idempotency-Key": f"r{at}", "Authorization": "Bearer dev:coordinator:uk-london:ruth"},
        )
    await notifications.settle()
    await notifications.hear("training", example(MentorStoodDown))
    told = [sent["To"] for sent in sink.mails]
    assert len(told) == len(set(told)) == 30
    assert sink.connections <= 8
