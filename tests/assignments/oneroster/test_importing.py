"""A roster over HTTP: only who is supported one to one is taken over, nothing twice, nothing past the rules."""

from typing import Any

import orjson
import pytest

from services.assignments.domain.roster import made_from
from services.assignments.domain.school import school_id
from services.assignments.oneroster.desk import Desk
from shared.kernel.store import StoreUnavailable
from tests.assignments.oneroster.rosters import (
    SOURCE,
    class_,
    enrollment,
    manifest,
    org,
    packed,
    role,
    send,
    sheet,
    small,
    taken,
    user,
    zipped,
)
from tests.support.served import REGION, Served

ADA = str(made_from(SOURCE, "child", "ada"))
GRACE = str(made_from(SOURCE, "aide", "grace"))
FIRST = {
    "children requested": 1,
    "mentors applied": 1,
    "schools registered": 1,
    "supports seen": 1,
    "supports undecided": 1,
}


async def test_only_who_is_alone_with_an_aide_is_taken_over(assignments: Served) -> None:
    report = await taken(assignments, zipped(small()))
    assert report["counts"] == FIRST
    assert [(each["file"], each["rows"], each["used"], each["passed_over"]) for each in report["files"]] == [
        ("orgs.csv", 2, 1, 1),
        ("users.csv", 6, 2, 4),
        ("roles.csv", 6, 2, 4),
        ("classes.csv", 2, 1, 1),
        ("enrollments.csv", 6, 3, 3),
    ]
    shown = await assignments.ask("/support-requests")
    assert [(each["child_name"], each["status"], each["requester_kind"]) for each in shown["items"]] == [
        ("Ada Hartley", "received", "school")
    ]
    assert [(each["name"], each["employment"]) for each in (await assignments.ask("/mentors"))["items"]] == [
        ("Grace Okafor", "applicant")
    ]
    kept = b"".join(event.state for event in await assignments.running.store.read(0))
    for name in (
        "Ben Osei",
        "Cara Lund",
        "Tom Ash",
        "Hartley",
        "Okafor",
        "tom@",
        "grace@",
        '"ada"',
        '"grace"',
    ):
        assert name.encode() not in kept, f"{name}: nobody else is kept, and nobody in plain words"


async def test_an_import_assigns_nobody(assignments: Served) -> None:
    report = await taken(assignments, zipped(small()))
    (seen,) = [item for item in report["items"] if item["what"] == "seen"]
    assert (seen["id"], seen["sourced_id"]) == (ADA, "ada")
    assert f"to be assigned to mentor {GRACE}" in seen["detail"]
    assert not [topic for topic in await assignments.facts() if "Offered" in topic or "Assigned" in topic]


async def test_the_same_roster_again_changes_nothing(assignments: Served) -> None:
    first = await taken(assignments, zipped(small()))
    before = await assignments.facts()
    again = await taken(assignments, zipped(small()))
    assert (again["facts"], again["counts"]) == (0, {"supports undecided": 1})
    assert await assignments.facts() == before
    assert again["position"] == first["position"]
    assert await assignments.parked() == 0


async def test_a_check_tells_exactly_what_an_import_does_and_records_nothing(assignments: Served) -> None:
    told = await taken(assignments, zipped(small()), dry_run=True)
    assert await assignments.facts() == []
    done = await taken(assignments, zipped(small()))
    for name in ("counts", "items", "files", "facts", "rejected", "notes"):
        assert told[name] == done[name], name
    assert (told["dry_run"], done["dry_run"]) == (True, False)


async def test_a_named_pupil_of_a_group_is_taken_over_without_a_mentor(assignments: Served) -> None:
    report = await taken(assignments, zipped(small()), student=["ben", "nobody"])
    assert report["counts"] == FIRST | {"children requested": 2, "supports seen": 2, "children undecided": 1}
    assert (await taken(assignments, zipped(small()), student=["ben", "ada"]))["facts"] == 0
    assert (await taken(assignments, zipped(small())))["facts"] == 0, "once named, always known"


async def test_bad_rows_are_rejected_and_the_good_ones_go_in(assignments: Served) -> None:
    sheets = small()
    sheets["orgs"].append(org("s2", "Nowhere School", "12345"))
    sheets["users"][3]["email"] = ""
    sheets["users"].append(user("dan", "", "Reed"))
    report = await taken(assignments, zipped(sheets))
    rejected = [(each["file"], each["line"], each["column"], each["reason"]) for each in report["rejected"]]
    assert rejected == [
        ("users.csv", 8, "givenName", "is empty"),
        ("orgs.csv", 4, "identifier", "is no URN: six digits"),
        ("users.csv", 5, "email", "is empty"),
    ]
    assert report["rejected_rows"] == 3
    assert report["counts"]["children requested"] == 1
    mended = await taken(assignments, zipped(small()))
    assert mended["counts"] == {"mentors applied": 1, "supports seen": 1, "supports undecided": 1}


async def test_the_register_knows_schools_better_than_a_roster(assignments: Served, register: bytes) -> None:
    headers = {"Idempotency-Key": "k", "Authorization": f"Bearer dev:operator:{REGION}:olu"}
    await assignments.client.post("/assignments/schools/import", content=register, headers=headers)
    await assignments.settle()
    sheets = small()
    sheets["orgs"][1] |= {"identifier": "990001", "name": "Fernhollow"}
    report = await taken(assignments, zipped(sheets))
    assert "schools registered" not in report["counts"]
    assert (await assignments.ask(f"/schools/{school_id(990001)}"))["name"] == "Fernhollow Primary School"
    (asked,) = (await assignments.ask("/support-requests"))["items"]
    assert asked["school_id"] == str(school_id(990001))


async def test_a_mentor_of_the_agency_is_known_by_address(assignments: Served) -> None:
    body = {"name": "Grace A. Okafor", "email": "Grace@example.org", "engaged_on": "2026-09-01"}
    known = (await assignments.done("/mentors", body))["mentor_id"]
    report = await taken(assignments, zipped(small()))
    assert "mentors applied" not in report["counts"]
    (seen,) = [item for item in report["items"] if item["what"] == "seen"]
    assert f"mentor {known}" in seen["detail"]


async def test_a_child_who_looks_known_is_left_to_a_coordinator(assignments: Served) -> None:
    sheets = small()
    await taken(assignments, zipped({"orgs": sheets["orgs"]}))
    body = {"requester_kind": "parent", "child_name": "ada hartley", "needs": "Speech."}
    await assignments.done("/support-requests", body | {"school_id": str(school_id(990101))})
    report = await taken(assignments, zipped(sheets))
    assert report["counts"] == {"children undecided": 1, "supports undecided": 1}
    named = await taken(assignments, zipped(sheets), student="ada")
    assert named["counts"]["children requested"] == 1


async def test_two_systems_may_use_the_same_numbers(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    sheets = small()
    sheets["orgs"][1]["identifier"] = "990102"
    sheets["users"][0]["familyName"], sheets["users"][3]["email"] = "Other", "other@example.org"
    other = await taken(assignments, zipped(sheets), source="fernhollow-two")
    assert other["counts"] == FIRST


async def test_a_roster_of_no_known_system_is_refused(assignments: Served) -> None:
    body = packed(
        {
            "manifest.csv": manifest({"orgs": "bulk"}, source_systemCode=""),
            "orgs.csv": sheet("orgs", small()["orgs"]),
        }
    )
    answer = await send(assignments, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_source")
    assert (await taken(assignments, body, source="x"))["counts"] == {"schools registered": 1}


async def test_a_manifest_alone_says_that_nothing_happened(assignments: Served) -> None:
    report = await taken(assignments, zipped({}))
    assert (report["files"], report["facts"], report["rejected_rows"]) == ([], 0, 0)


async def test_enrollments_and_roles_count_on_their_days_alone(assignments: Served) -> None:
    sheets = small()
    sheets["enrollments"][5]["endDate"] = "2026-09-01"  # exclusive: today it is over
    assert "children requested" not in (await taken(assignments, zipped(sheets)))["counts"]
    sheets["enrollments"][5] |= {"endDate": "", "beginDate": "2026-09-01"}  # inclusive
    sheets["roles"][3]["beginDate"] = "2026-09-02"
    assert "children requested" not in (await taken(assignments, zipped(sheets)))["counts"]
    sheets["roles"][3]["beginDate"] = ""
    assert (await taken(assignments, zipped(sheets)))["counts"]["children requested"] == 1


async def test_progress_is_told_line_by_line_before_the_report(assignments: Served) -> None:
    headers = {
        "Idempotency-Key": "k",
        "Authorization": f"Bearer dev:coordinator:{REGION}:ruth",
        "Content-Type": "application/zip",
        "Accept": "application/x-ndjson",
    }
    path = "/assignments/imports/oneroster"
    answer = await assignments.client.post(path, content=zipped(small()), headers=headers)
    *progress, last = [orjson.loads(line) for line in answer.text.splitlines()]
    assert {"progress": {"what": "users.csv", "done": 6, "of": 0}} in progress
    assert last["report"]["counts"] == FIRST
    answer = await assignments.client.post(path, content=b"no zip", headers=headers)
    (refused,) = [orjson.loads(line) for line in answer.text.splitlines()]
    assert refused["problem"]["code"] == "invalid_zip"


async def test_who_may_import_and_how(assignments: Served) -> None:
    assert (await send(assignments, zipped(small()), role="mentor")).status_code == 403
    headers = {"Authorization": f"Bearer dev:coordinator:{REGION}:ruth", "Content-Type": "application/zip"}
    path = "/assignments/imports/oneroster"
    nameless = await assignments.client.post(path, content=zipped(small()), headers=headers)
    assert (nameless.status_code, nameless.json()["code"]) == (400, "idempotency_key_missing")
    headers |= {"Idempotency-Key": "k", "Content-Type": "multipart/form-data; boundary=x"}
    assert (await assignments.client.post(path, content=b"--x", headers=headers)).status_code == 415
    assert await assignments.facts() == []


async def test_one_aide_of_two_children_applies_once(assignments: Served) -> None:
    sheets = small()
    sheets["classes"].append(class_("two", "Ben with support"))
    sheets["enrollments"] += [enrollment("two", "ben", "student"), enrollment("two", "grace", "proctor")]
    sheets["roles"].append(role("grace", "teacher") | {"sourcedId": "r-grace-2", "roleType": "secondary"})
    report = await taken(assignments, zipped(sheets))
    assert report["counts"] == FIRST | {"children requested": 2, "supports seen": 2}


@pytest.mark.parametrize("after", range(4))
async def test_an_import_that_was_cut_off_is_finished_by_the_next(
    assignments: Served, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """The store does not answer after so many decisions: what is there is kept, and nothing comes twice."""
    decide, decided = Desk.do, 0

    async def cut_off(desk: Desk, *asked: Any) -> Any:
        nonlocal decided
        decided += 1
        if decided > after:
            raise StoreUnavailable("cut off")
        return await decide(desk, *asked)

    monkeypatch.setattr(Desk, "do", cut_off)
    assert (await send(assignments, zipped(small()))).status_code == 503
    monkeypatch.undo()
    report = await taken(assignments, zipped(small()))
    assert report["facts"] == 5 - after
    assert len([topic for topic in await assignments.facts() if "ChildReferred" not in topic]) == 5
    assert (await taken(assignments, zipped(small())))["facts"] == 0
