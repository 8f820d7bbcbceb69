"""The pages, as a browser without script gets them."""

import io
import re
import zipfile
from html.parser import HTMLParser

import httpx
import pytest

from shared.telling.sentences import sentence
from tests.console.agency import Agency, Told
from tests.support.waiting import eventually

PAGES = ("/", "/coverage", "/mentors", "/inbox", "/evidence", "/records")


class Outline(HTMLParser):
    """What an assistive technology relies on: headings, labels, landmarks; and scripts or styles inline."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def get(agency: Agency, path: str, **cookies: str) -> httpx.Response:
    url = agency.system.urls["console"] + path
    return httpx.get(url, cookies=cookies, timeout=15)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_and_takes_no_script_but_our_own(agency: Agency, told: Told, path: str) -> None:
    answer = get(agency, path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    outline = Outline()
    outline.feed(answer.text)
    tags = [tag for tag, _ in outline.tags]
    assert (tags.count("h1"), tags.count("main")) == (1, 1)
    assert dict(outline.tags)["html"]["lang"] == "en-GB"
    assert all(attrs.get("src") for tag, attrs in outline.tags if tag == "script")
    assert not [
        attrs for _, attrs in outline.tags if "style" in attrs or any(name.startswith("on") for name in attrs)
    ]


def test_the_overview_says_every_service_is_ready(agency: Agency, told: Told) -> None:
    eventually(lambda: "Every service is ready." in get(agency, "/").text)


def test_the_overview_says_which_service_is_away(agency: Agency, told: Told) -> None:
    agency.system.stop_one("sessions")
    try:
        text = get(agency, "/").text
        assert "The sessions service does not answer at present." in text
    finally:
        agency.system.start_one("sessions")
        agency.system.wait_ready("sessions")


def test_the_child_is_listed_with_who_supports_it(agency: Agency, told: Told) -> None:
    text = get(agency, "/coverage").text
    assert "Ada Hartley" in text
    assert "Grace Okafor" in text


def test_a_mentor_is_shown_with_every_shortfall(agency: Agency, told: Told) -> None:
    text = get(agency, "/mentors").text
    assert "Zoe Unready" in text
    assert "SLT training missing" in text
    assert "SLT training lapsed on" in text


def test_a_childs_page_shows_less_the_further_back_one_looks(agency: Agency, told: Told) -> None:
    eventually(lambda: "may not be with a child" in get(agency, f"/children/{told.child}").text)

    def two_pages_of_one_moment() -> tuple[str, ...]:
        """Deliveries still arrive; between the two questions nothing may have."""
        now, early = (get(agency, f"/children/{told.child}{query}").text for query in ("", "?step=4"))
        said = re.search(r"(\d+) of (\d+) facts", early)
        assert said is not None
        known, all_of_them = map(int, said.groups())
        assert 4 <= known < all_of_them  # facts recorded in one go become known together
        assert early.count('<p class="said">') == known
        return (now, early) if now.count('<p class="said">') == all_of_them else ()

    now, early = eventually(two_pages_of_one_moment)
    assert "<h1>Ada Hartley</h1>" in now
    assert "not in date" in now
    assert "not in date" not in early


def test_the_coordinator_reads_the_inbox_and_acknowledges(agency: Agency, told: Told) -> None:
    console = agency.system.urls["console"]
    path = f"{console}/inbox/{told.coordinator}"
    with httpx.Client(timeout=15, follow_redirects=True) as browser:
        eventually(lambda: "A mentor may not be with a child at present" in browser.get(path).text)
        chosen = {
            "role": "coordinator",
            "name": told.coordinator,
            "back": f"/console/inbox/{told.coordinator}",
        }
        assert browser.post(f"{console}/identity", data=chosen).status_code == 200
        items = agency.ask("notifications", f"/recipients/{told.coordinator}/inbox", unread=True)["items"]
        first = {"notification_id": items[0]["notification_id"]}
        assert browser.post(f"{path}/acknowledge", data=first).status_code == 200
        assert browser.post(f"{path}/acknowledge", data=first).status_code == 200  # pressed twice
        eventually(lambda: first["notification_id"] not in browser.get(path).text)


def test_who_may_not_see_something_is_told_so(agency: Agency, told: Told) -> None:
    text = get(agency, f"/children/{told.child}", **{"alongside-acts-as": "mentor:somebody"}).text
    assert "a mentor may not do this" in text
    assert "Ada Hartley" not in text


def test_a_form_from_another_site_is_not_taken(agency: Agency, told: Told) -> None:
    url = f"{agency.system.urls['console']}/identity"
    data = {"role": "auditor", "name": "eve"}
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert httpx.post(url, data=data, headers=headers).status_code == 403


def test_a_page_that_does_not_exist_says_so_kindly(agency: Agency) -> None:
    for path in ("/nothing", "/children/nobody"):
        answer = get(agency, path)
        assert answer.status_code in (404, 422)
        assert "That did not work" in answer.text


def test_nothing_that_people_typed_becomes_markup(agency: Agency, told: Told) -> None:
    fact = {"type": "assignments.ChildAccepted.v1", "data": {"name": "<script>alert(1)</script>"}}
    assert sentence(fact, {}) == "<script>alert(1)</script> was accepted."
    text = get(agency, "/coverage", **{"alongside-acts-as": "coordinator:a<b"}).text
    assert "a<b" not in text


def test_an_auditor_sees_what_happened_and_says_why_before_seeing_to_whom(agency: Agency, told: Told) -> None:
    def page(acting: str) -> str:
        return get(agency, f"/children/{told.child}", **{"alongside-acts-as": acting}).text

    eventually(lambda: "<h1>A child</h1>" in page("auditor:ann:"))
    usual = page("auditor:ann:")
    assert '<span class="seal withheld"' in usual
    assert "not shown to you for what you look for" in usual
    assert "Ada Hartley" not in usual
    assert "<h1>Ada Hartley</h1>" in page("auditor:ann:investigation")
    assert "Ada Hartley" not in page("auditor:ann:care"), "no purpose of an auditor"


def test_the_newest_checkpoint_is_shown_with_its_witness_and_what_was_found(
    agency: Agency, told: Told
) -> None:
    eventually(lambda: "the log itself" in get(agency, "/evidence").text, seconds=30)
    text = get(agency, "/evidence").text
    checkpoint = agency.ask("audit", "/ledger/status")["published"]
    assert "/witness</code>" in text
    assert "Nothing was found to be wrong." in text
    assert re.search(r"<code>[0-9a-f]{64}</code>", text)
    assert checkpoint["size"] > 0


def test_a_copy_of_a_record_is_handed_to_whoever_may_have_it(agency: Agency, told: Told) -> None:
    url = f"{agency.system.urls['console']}/records/copies"
    asked = {"kind": "child", "id": told.child, "disclosed_to": "parent"}
    no = httpx.post(url, data=asked, cookies={"alongside-acts-as": "auditor:ann:"}, timeout=15)
    assert (no.status_code, "may not do this" in no.text) == (403, True)
    yes = httpx.post(url, data=asked, cookies={"alongside-acts-as": "manager:mia:"}, timeout=15)
    assert (yes.status_code, yes.headers["content-type"]) == (200, "application/zip")
    assert yes.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(yes.content)) as archive:
        assert "Everything on record about Ada Hartley" in archive.read("record.html").decode()


def test_an_erasure_is_asked_for_decided_and_told(agency: Agency, told: Told) -> None:
    """The child is supported, so the rules keep everything; the receipt is shown once."""
    base = f"{agency.system.urls['console']}/records"
    asked = {"kind": "child", "id": told.child, "ground": "no_longer_necessary"}
    answer = httpx.post(
        f"{base}/erasures", data=asked, cookies={"alongside-acts-as": "coordinator:ruth:"}, timeout=15
    )
    assert re.search(r"<code>[0-9a-f]{64}</code>", answer.text)
    compliance = {"alongside-acts-as": "compliance:cora:"}

    def decided() -> bool:
        page = get(agency, "/records", **compliance).text
        if found := re.search(r"/console(/records/erasures/[0-9a-f-]+/decide)", page):
            httpx.post(agency.system.urls["console"] + found[1], cookies=compliance, timeout=15)
        return "everything is kept" in page

    eventually(decided, seconds=30)
    wrong = httpx.post(f"{base}/copies", data={"kind": "child", "id": "Ada"}, cookies=compliance, timeout=15)
    assert "does not say whose record it is" in wrong.text
