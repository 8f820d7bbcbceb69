"""Importing a register over HTTP: what was read, what became of it, and nothing twice."""

from services.assignments.domain.school import school_id
from tests.assignments.over_http import import_schools
from tests.support.served import REGION, Served


async def test_a_register_is_imported_and_again_changes_nothing(assignments: Served, register: bytes) -> None:
    first = (await import_schools(assignments, register)).json()
    counts = {"read": 12, "registered": 12, "changed": 0, "unchanged": 0, "rejected_rows": 0, "rejected": []}
    assert first == {**counts, "position": 12}
    again = (await import_schools(assignments, register)).json()
    assert again == {**counts, "registered": 0, "unchanged": 12, "position": 12}
    assert await assignments.facts() == ["assignments.SchoolRegistered.v1"] * 12
    assert await assignments.parked() == 0


async def test_windows_1252_and_utf_8_say_the_same(assignments: Served, register: bytes) -> None:
    await import_schools(assignments, register)
    for encoding in ("utf-8", "utf-8-sig"):
        same = register.decode("cp1252").encode(encoding)
        assert (await import_schools(assignments, same)).json()["unchanged"] == 12
    token = {"Authorization": f"Bearer dev:auditor:{REGION}:ines"}
    found = await assignments.client.get("/assignments/schools", params={"name": "café"}, headers=token)
    assert [school["name"] for school in found.json()["items"]] == ["Ty Gwyn Primary School (Café Campus)"]


async def test_only_what_changed_is_recorded(assignments: Served, register: bytes) -> None:
    await import_schools(assignments, register)
    renamed = register.replace(b"Millrace Academy", b"Millrace School")
    report = (await import_schools(assignments, renamed)).json()
    assert (report["changed"], report["unchanged"], report["position"]) == (1, 11, 13)
    assert (await assignments.ask(f"/schools/{school_id(990004)}"))["name"] == "Millrace School"
    assert (await assignments.ask("/schools", urn=990004))["items"][0]["name"] == "Millrace School"


async def test_bad_rows_are_reported_and_good_ones_go_in(assignments: Served, register: bytes) -> None:
    bad = register.replace(b"EV1 2AB", b"EV1").replace(b"990004", b"99000x")
    report = (await import_schools(assignments, bad)).json()
    assert (report["read"], report["registered"], report["rejected_rows"]) == (12, 10, 2)
    assert report["rejected"] == [
        {"line": 2, "column": "Postcode", "value": "EV1", "reason": "is no postcode, such as NG8 3AF"},
        {"line": 5, "column": "URN", "value": "99000x", "reason": "is no URN: six digits"},
    ]
    mended = (await import_schools(assignments, register)).json()
    assert (mended["registered"], mended["unchanged"]) == (2, 10)


async def test_the_register_nobody_here_wrote_is_imported(assignments: Served, real_register: bytes) -> None:
    report = (await import_schools(assignments, real_register)).json()
    assert (report["read"], report["registered"], report["rejected_rows"]) == (60, 50, 10)
    assert {flaw["reason"] for flaw in report["rejected"]} == {"says 'Open', but the code 2 means 'Closed'"}
    assert (await import_schools(assignments, real_register)).json()["unchanged"] == 50


async def test_a_whole_country_fits(assignments: Served, register: bytes) -> None:
    """More than the megabyte that other bodies may have, and more rows than are decided at once."""
    header, row, *_ = register.splitlines(keepends=True)
    rows = [
        row.replace(b"990001", b"%d" % urn).replace(b"1 School Lane", b"x" * 700)
        for urn in range(100_000, 102_000)
    ]
    body = header + b"".join(rows)
    assert len(body) > 1_500_000
    report = (await import_schools(assignments, body)).json()
    assert (report["read"], report["registered"], report["position"]) == (2000, 2000, 2000)
    assert (await import_schools(assignments, body)).json()["unchanged"] == 2000


async def test_what_is_no_register_is_refused_with_its_missing_columns(
    assignments: Served, register: bytes
) -> None:
    answer = await import_schools(assignments, register.replace(b"Postcode", b"PostCode", 1))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_register")
    assert answer.json()["errors"] == [{"field": "Postcode", "detail": "this column is missing"}]
    form = await import_schools(assignments, b"--x", **{"Content-Type": "multipart/form-data; boundary=x"})
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")
    nameless = await import_schools(assignments, register, **{"Idempotency-Key": ""})
    assert (nameless.status_code, nameless.json()["code"]) == (400, "idempotency_key_missing")
    assert await assignments.facts() == []
