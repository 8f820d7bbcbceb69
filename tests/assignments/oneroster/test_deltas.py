"""After a bulk: what a delta changes and ends, what a later bulk leaves out, and what only a person may decide."""

from services.assignments.domain.roster import made_from
from services.assignments.domain.school import school_id
from tests.assignments.oneroster.rosters import (
    SOURCE,
    class_,
    delta,
    enrollment,
    org,
    role,
    small,
    taken,
    user,
    zipped,
)
from tests.assignments.over_http import ACCEPTANCE
from tests.support.served import Served

ADA = made_from(SOURCE, "child", "ada")
WILLOW = str(school_id(990101))
PAIR = [enrollment("one", "ada", "student"), enrollment("one", "grace", "proctor")]


async def status_of_request(service: Served) -> str:
    (asked,) = (await service.ask("/support-requests"))["items"]
    return str(asked["status"])


async def test_an_unanswered_request_is_withdrawn_when_the_pupil_leaves(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    leaves = zipped({"users": delta([user("ada", "Ada", "Hartley")], "tobedeleted")}, "delta")
    report = await taken(assignments, leaves)
    assert report["counts"] == {"children withdrawn": 1, "supports gone": 1}
    assert {(item["file"], item["line"], item["sourced_id"]) for item in report["items"]} == {
        ("users.csv", 2, "ada")
    }
    assert await status_of_request(assignments) == "withdrawn"
    assert (await taken(assignments, leaves))["facts"] == 0
    assert not [topic for topic in await assignments.facts() if "Erased" in topic or "Deleted" in topic]


async def test_what_a_coordinator_has_answered_is_left_to_them(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    (asked,) = (await assignments.ask("/support-requests"))["items"]
    await assignments.done(f"/support-requests/{asked['request_id']}/take-on", ACCEPTANCE)
    report = await taken(assignments, zipped({"enrollments": delta(PAIR[:1], "tobedeleted")}, "delta"))
    assert report["counts"] == {"supports gone": 1, "supports undecided": 1}
    assert await status_of_request(assignments) == "matching"


async def test_a_second_pupil_makes_it_a_group(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    joins = zipped({"enrollments": delta([enrollment("one", "ben", "student")])}, "delta")
    report = await taken(assignments, joins)
    assert report["counts"] == {"children withdrawn": 1, "supports gone": 1, "supports undecided": 1}


async def test_another_aide_takes_the_place_of_the_first(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    changed = {
        "users": delta([user("ines", "Ines", "Marsh", "ines@example.org")]),
        "roles": delta([role("ines", "aide")]),
        "enrollments": [*delta(PAIR[1:], "tobedeleted"), *delta([enrollment("one", "ines", "proctor")])],
    }
    report = await taken(assignments, zipped(changed, "delta"))
    assert report["counts"] == {"mentors applied": 1, "supports seen": 1}
    assert (await taken(assignments, zipped(changed, "delta")))["facts"] == 0


async def test_a_delta_that_shows_part_of_an_unknown_class_takes_nobody_over(assignments: Served) -> None:
    """The other pupils of the class may stand in an earlier bulk, of which nothing is kept."""
    await taken(assignments, zipped(small()))
    part = {
        "users": delta([user("dan", "Dan", "Reed"), user("ines", "Ines", "Marsh", "ines@example.org")]),
        "roles": delta([role("dan", "student"), role("ines", "aide")]),
        "enrollments": delta([enrollment("y4", "dan", "student"), enrollment("y4", "ines", "proctor")]),
    }
    report = await taken(assignments, zipped(part, "delta"))
    assert (report["facts"], report["counts"]) == (0, {"supports undecided": 1})
    whole = await taken(assignments, zipped(part, "delta"), whole_classes=True)
    assert whole["counts"] == {"children requested": 1, "mentors applied": 1, "supports seen": 1}


async def test_a_delta_finds_the_school_of_an_earlier_bulk(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    renamed = org("s1", "Willow Bank Academy", "", parent="la1")
    report = await taken(assignments, zipped({"orgs": delta([renamed])}, "delta"))
    assert report["counts"] == {"schools changed": 1}
    shown = await assignments.ask(f"/schools/{WILLOW}")
    assert (shown["name"], shown["local_authority"], shown["urn"]) == (
        "Willow Bank Academy",
        "Nettleford",
        990101,
    )


async def test_a_school_that_only_a_roster_told_of_is_closed_and_opened_again(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    report = await taken(assignments, zipped({"orgs": delta(small()["orgs"][1:], "tobedeleted")}, "delta"))
    assert report["counts"] == {"schools closed": 1}
    assert (await assignments.ask(f"/schools/{WILLOW}"))["status"] == "closed"
    await taken(assignments, zipped({"orgs": delta(small()["orgs"])}, "delta"))
    assert (await assignments.ask(f"/schools/{WILLOW}"))["status"] == "open"


async def test_what_a_bulk_leaves_out_is_told_and_ended_only_when_asked(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    sheets = small()
    sheets["orgs"] = [sheets["orgs"][0], org("s2", "Elm School", "990102", parent="la1")]
    for name, rows in (("users", ["may"]), ("roles", ["r-may"]), ("classes", ["y3"]), ("enrollments", [])):
        sheets[name] = [row for row in sheets[name] if row["sourcedId"] in rows]
    for row in (*sheets["roles"], *sheets["classes"]):
        row |= {name: "s2" for name in ("orgSourcedId", "schoolSourcedId") if name in row}
    sheets["enrollments"] = [enrollment("y3", "may", "teacher", "s2")]
    report = await taken(assignments, zipped(sheets))
    assert report["counts"] == {"schools absent": 1, "schools registered": 1, "supports absent": 1}
    assert await status_of_request(assignments) == "received"
    ended = await taken(assignments, zipped(sheets), end_absent=True)
    assert ended["counts"] == {"children withdrawn": 1, "schools closed": 1, "supports gone": 1}
    assert (await taken(assignments, zipped(sheets), end_absent=True))["facts"] == 0


async def test_who_comes_back_is_asked_for_anew(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    await taken(assignments, zipped({"enrollments": delta(PAIR, "tobedeleted")}, "delta"))
    report = await taken(assignments, zipped(small()))
    assert report["counts"] == {"children requested": 1, "supports seen": 1, "supports undecided": 1}
    asked = (await assignments.ask("/support-requests"))["items"]
    assert sorted(each["status"] for each in asked) == ["received", "withdrawn"]
    assert {each["child_id"] for each in asked} == {str(ADA)}


async def test_a_new_name_is_told_and_not_written_over_the_old(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    renamed = {
        "users": delta([user("ada", "Adele", "Hartley"), user("grace", "Grace", "Okafor", "g@example.org")])
    }
    report = await taken(assignments, zipped(renamed, "delta"))
    assert (report["facts"], report["counts"]) == (0, {"children undecided": 1, "mentors undecided": 1})


async def test_a_deleted_row_in_a_bulk_is_heeded_and_told(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    sheets = small()
    sheets["users"][0]["status"] = "tobedeleted"
    report = await taken(assignments, zipped(sheets))
    assert report["counts"] == {"children withdrawn": 1, "supports gone": 1, "supports undecided": 1}
    assert "1 rows have a status" in report["notes"][0]


async def test_a_class_that_is_deleted_ends_what_was_seen_in_it(assignments: Served) -> None:
    await taken(assignments, zipped(small()))
    ends = {"classes": delta([class_("one", "Ada with support")], "tobedeleted")}
    assert (await taken(assignments, zipped(ends, "delta")))["counts"] == {
        "children withdrawn": 1,
        "supports gone": 1,
    }


async def test_a_role_that_ends_at_another_school_changes_nothing_here(assignments: Served) -> None:
    sheets = small()
    sheets["orgs"].append(org("s2", "Elm School", "990102", parent="la1"))
    sheets["roles"].append(role("grace", "aide", "s2") | {"sourcedId": "r-grace-2", "roleType": "secondary"})
    await taken(assignments, zipped(sheets))
    there = zipped({"roles": delta([sheets["roles"][-1]], "tobedeleted")}, "delta")
    assert (await taken(assignments, there))["facts"] == 0
    here = zipped({"roles": delta([role("grace", "aide")], "tobedeleted")}, "delta")
    assert (await taken(assignments, here))["counts"] == {"children withdrawn": 1, "supports gone": 1}


async def test_an_enrollment_or_class_that_ended_is_not_merely_absent_from_a_bulk(
    assignments: Served,
) -> None:
    await taken(assignments, zipped(small()))
    sheets = small()
    sheets["enrollments"][4]["endDate"] = "2026-09-01"
    report = await taken(assignments, zipped(sheets))
    assert report["counts"] == {"children withdrawn": 1, "supports gone": 1, "supports undecided": 1}
    await taken(assignments, zipped(small()))
    sheets = small()
    sheets["classes"][1]["status"] = "tobedeleted"
    report = await taken(assignments, zipped(sheets))
    assert report["counts"] == {"children withdrawn": 1, "supports gone": 1, "supports undecided": 1}
