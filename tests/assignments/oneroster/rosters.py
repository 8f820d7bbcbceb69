"""Rosters to import: a small invented school, in the columns of OneRoster 1.2.1; and how to send one."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

import httpx

from services.assignments.oneroster.records import FILES
from tests.support.served import REGION, Served

SOURCE = "fernhollow-mis"
TODAY = "2026-09-07"
MODIFIED = "2026-09-06T18:25:43.511Z"
Rows = list[dict[str, str]]
Sheets = dict[str, Rows]
HEADERS: Mapping[str, tuple[str, ...]] = {
    name: tuple(column for column in file.columns if column != "resourceSourcedIds")
    for name, file in FILES.items()
    if file.columns
}


def org(key: str, name: str, urn: str = "", type: str = "school", parent: str = "") -> dict[str, str]:
    return {"sourcedId": key, "name": name, "type": type, "identifier": urn, "parentSourcedId": parent}


def user(key: str, given: str, family: str, email: str = "") -> dict[str, str]:
    return {
        "sourcedId": key,
        "enabledUser": "true",
        "username": key,
        "givenName": given,
        "familyName": family,
        "email": email,
    }


def role(user: str, role: str, school: str = "s1") -> dict[str, str]:
    return {
        "sourcedId": f"r-{user}",
        "userSourcedId": user,
        "roleType": "primary",
        "role": role,
        "orgSourcedId": school,
    }


def class_(key: str, title: str, school: str = "s1") -> dict[str, str]:
    return {
        "sourcedId": key,
        "title": title,
        "courseSourcedId": "course1",
        "classType": "scheduled",
        "schoolSourcedId": school,
        "termSourcedIds": "term1",
    }


def enrollment(class_: str, user: str, role: str, school: str = "s1") -> dict[str, str]:
    return {
        "sourcedId": f"e-{class_}-{user}",
        "classSourcedId": class_,
        "schoolSourcedId": school,
        "userSourcedId": user,
        "role": role,
    }


def small() -> Sheets:
    """A school with a class of three pupils and a teaching assistant, and Ada alone with Grace."""
    return {
        "orgs": [
            org("la1", "Nettleford", type="local"),
            org("s1", "Willow Bank School", "990101", parent="la1"),
        ],
        "users": [
            user("ada", "Ada", "Hartley"),
            user("ben", "Ben", "Osei"),
            user("cara", "Cara", "Lund"),
            user("grace", "Grace", "Okafor", "grace@example.org"),
            user("tom", "Tom", "Ash", "tom@example.org"),
            user("may", "May", "Hartley", "may@example.org"),
        ],
        "roles": [
            role("ada", "student"),
            role("ben", "student"),
            role("cara", "student"),
            role("grace", "aide"),
            role("tom", "aide"),
            role("may", "parent"),
        ],
        "classes": [class_("y3", "Year 3"), class_("one", "Ada with support")],
        "enrollments": [
            enrollment("y3", "ada", "student"),
            enrollment("y3", "ben", "student"),
            enrollment("y3", "cara", "student"),
            enrollment("y3", "tom", "ext:aide"),
            enrollment("one", "ada", "student"),
            enrollment("one", "grace", "proctor"),
        ],
    }


def delta(rows: Iterable[Mapping[str, str]], status: str = "active") -> Rows:
    """These rows as a delta says them."""
    return [{**row, "status": status, "dateLastModified": MODIFIED} for row in rows]


def sheet(name: str, rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADERS[name])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def manifest(modes: Mapping[str, str], **more: str) -> bytes:
    values = {
        "manifest.version": "1.0",
        "oneroster.version": "1.2",
        **{f"file.{name}": modes.get(name, "absent") for name in FILES},
        "source.systemName": "Fernhollow MIS",
        "source.systemCode": SOURCE,
        **{key.replace("_", "."): value for key, value in more.items()},
    }
    return "\r\n".join(["propertyName,value", *(f"{key},{value}" for key, value in values.items())]).encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return found.getvalue()


def zipped(sheets: Sheets, mode: str = "bulk", **extra: bytes) -> bytes:
    """The roster; `extra` are whole files, by name without .csv, instead of what it has."""
    files = {name: sheet(name, rows) for name, rows in sheets.items()} | extra
    modes = dict.fromkeys(files, mode)
    return packed({"manifest.csv": manifest(modes), **{f"{name}.csv": text for name, text in files.items()}})


async def send(service: Served, body: bytes, *, role: str = "coordinator", **query: Any) -> httpx.Response:
    answer = await service.client.post(
        "/assignments/imports/oneroster",
        params=query,
        content=body,
        headers={
            "Idempotency-Key": str(uuid4()),
            "Authorization": f"Bearer dev:{role}:{REGION}:ruth",
            "Content-Type": "application/zip",
        },
        timeout=120,
    )
    await service.settle()
    return answer


async def taken(service: Served, body: bytes, **query: Any) -> dict[str, Any]:
    """The report of an import that has to succeed."""
    answer = await send(service, body, **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
