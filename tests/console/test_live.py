"""The inbox page follows along, and leads to how to be told."""

from typing import Any

import httpx

from tests.console.agency import Agency, Told
from tests.support.waiting import eventually


def test_the_console_passes_on_what_comes_into_an_inbox(agency: Agency, told: Told) -> None:
    console = agency.system.urls["console"]
    path = f"{console}/inbox/{told.coordinator}"
    assert f'data-live="/console/inbox/{told.coordinator}/live"' in httpx.get(path, timeout=15).text
    eventually(lambda: agency.ask("notifications", f"/recipients/{told.coordinator}/inbox")["items"])
    with httpx.stream("GET", f"{path}/live", headers={"Last-Event-ID": "0"}, timeout=15) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "event: notification" in (line for line in answer.iter_lines())


def test_who_wants_fewer_mails_says_so_on_a_page(agency: Agency, told: Told) -> None:
    somebody = {"role": "trainer", "name": "Tess Trainer", "email": "tess@example.org"}
    recipient_id = agency.send("notifications", "/recipients", somebody)["recipient_id"]
    path = f"{agency.system.urls['console']}/inbox/{recipient_id}/preferences"
    chosen: dict[str, Any] = {}

    def saved() -> bool:
        chosen.update(agency.ask("notifications", f"/recipients/{recipient_id}/preferences"))
        return bool(chosen["digest"] == "daily")

    with httpx.Client(timeout=15, follow_redirects=True) as client:
        eventually(lambda: 'name="mail_training" value="yes" checked' in client.get(path).text)
        answer = client.post(path, data={"mail_support": "yes", "digest": "daily", "language": "cy"})
        assert answer.status_code == 200, answer.text
        eventually(saved)
    assert chosen["language"] == "cy"
    assert "email" not in chosen["channels"]["training"]
    assert "support" not in chosen["channels"]
