"""Text messages: how many a text takes, and that it holds nothing personal."""

from dataclasses import replace
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from services.notifications.channels import NotDelivered
from services.notifications.channels.languages import codes
from services.notifications.channels.parts import Parts, parts
from services.notifications.channels.sms import WAYS, short, sms
from tests.notifications.test_email import LETTER

TEXTED = replace(LETTER, to_phone="+447700900123")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Parts("GSM-7", 0, 1)),
        ("a" * 160, Parts("GSM-7", 160, 1)),
        ("a" * 161, Parts("GSM-7", 161, 2)),
        ("a" * 306, Parts("GSM-7", 306, 2)),
        ("a" * 307, Parts("GSM-7", 307, 3)),
        ("é" * 160, Parts("GSM-7", 160, 1)),
        ("€" * 80, Parts("GSM-7", 160, 1)),
        ("€" * 81, Parts("GSM-7", 162, 2)),
        # 153 places hold 76 characters of two: one is left empty, since none is cut
        ("€" * 153, Parts("GSM-7", 306, 3)),
        ("ŵ" * 70, Parts("UCS-2", 70, 1)),
        ("ŵ" * 71, Parts("UCS-2", 71, 2)),
        ("ŵ" * 134, Parts("UCS-2", 134, 2)),
        ("ŵ" * 135, Parts("UCS-2", 135, 3)),
        ("🙂" * 35, Parts("UCS-2", 70, 1)),
        ("🙂" * 67, Parts("UCS-2", 134, 3)),
    ],
)
def test_a_text_travels_in_so_many_messages(text: str, expected: Parts) -> None:
    assert parts(text) == expected


@pytest.fixture
def logs() -> Any:
    structlog.reset_defaults()
    with capture_logs() as found:
        yield found


async def test_the_console_prints_the_text_and_its_parts_and_nothing_personal(
    logs: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notifications.channels.sms.log", structlog.get_logger())
    await sms("console").deliver(TEXTED)
    (line,) = logs
    assert line["text"] == (
        "Alongside: A mentor may not be with a child at present. Read the message in your inbox"
    )
    assert (line["encoding"], line["parts"]) == ("GSM-7", 1)
    told = repr(line)
    for personal in ("+4477", "Ruth", "bello", "A. H.", "SLT"):
        assert personal not in told


async def test_nobody_without_a_phone_is_texted() -> None:
    with pytest.raises(NotDelivered, match="no phone number") as failed:
        await sms("console").deliver(LETTER)
    assert failed.value.permanent


async def test_text_messages_can_be_switched_off() -> None:
    with pytest.raises(NotDelivered, match="switched off") as failed:
        await sms("off").deliver(TEXTED)
    assert failed.value.permanent


def test_every_way_carries_text_messages() -> None:
    assert {way().channel for way in WAYS.values()} == {"sms"}


@pytest.mark.parametrize("language", codes())
def test_a_text_message_is_short(language: str) -> None:
    assert parts(short(replace(TEXTED, language=language))).count == 1
