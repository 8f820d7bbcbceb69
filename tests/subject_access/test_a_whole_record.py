"""One person's whole record: readable, provable, of nobody else, and on record itself."""

import base64
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from services.audit.main import service
from shared.contracts.audit.disclosure import RecordDisclosed
from shared.contracts.words.privacy import RetentionClass
from shared.kernel.envelope import fact_in
from shared.kernel.sealing.derived import DerivedKeyring
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.sealer import Sealer
from tests.sight.canaries import CANARIES
from tests.subject_access.record_kept import BEN, BENS_NOTES, CONCERN, keep
from tests.support.people import CHILD, MENTOR, MONDAY_NINE
from tests.support.served import Served, served

Files = dict[str, bytes]


@pytest.fixture
async def audit(database_url: str) -> AsyncIterator[Served]:
    async with served(service, database_url, MONDAY_NINE) as house:
        await keep(house)
        yield house


async def copied(audit: Served, role: str = "compliance", **whose: Any) -> tuple[dict[str, Any], Files]:
    answer = await audit.command("/subject-access", {k: str(v) for k, v in whose.items()}, role=role)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(told["archive"]))) as archive:
        return told, {name: archive.read(name) for name in archive.namelist()}


def classes_in(files: Files) -> set[RetentionClass]:
    said = b"".join(files.values()).decode(errors="replace")
    return {keep for keep, canary in CANARIES.items() if canary in said}


def verify(folder: Path) -> subprocess.CompletedProcess[str]:
    """As whoever got the copy does it: with Python alone."""
    check = [sys.executable, "-I", str(folder / "verify.py")]
    return subprocess.run(check, capture_output=True, text=True, check=False)


async def test_a_childs_record_tells_everything_of_it_and_nothing_of_others(audit: Served) -> None:
    _, files = await copied(audit, child_id=CHILD)
    record, page = json.loads(files["record.json"]), files["record.html"].decode()
    assert {fact["source"] for fact in record["facts"]} >= {"assignments", "sessions", "notifications"}
    assert {"profile", "casework"} <= classes_in(files)
    assert "employment" not in classes_in(files), "her mentor's are her mentor's"
    assert "safeguarding" not in classes_in(files)
    everything = page + files["record.json"].decode()
    assert str(MENTOR) not in everything
    assert BEN not in everything
    assert "a mentor (1)" in page
    assert "Ada was referred" in page or f"{CANARIES['profile']} of name was referred" in page
    for fact in record["facts"]:
        assert fact["said"] in page.replace("&#39;", "'")
    assert "script" not in page, "it stands alone"
    assert "http" not in page.replace("http-equiv", "")


async def test_a_mentors_record_holds_no_childs_data(audit: Served) -> None:
    _, files = await copied(audit, role="manager", mentor_id=MENTOR)
    assert {"employment", "contact"} <= classes_in(files)
    assert {"profile", "casework", "safeguarding"}.isdisjoint(classes_in(files))
    said = b"".join(files.values()).decode(errors="replace")
    assert BENS_NOTES not in said
    assert str(CHILD) not in files["record.html"].decode()
    assert "another child" not in files["record.html"].decode() or "(1)" in files["record.html"].decode()


async def test_what_the_safeguarding_lead_holds_is_told_by_nobody_else(audit: Served) -> None:
    _, others = await copied(audit, child_id=CHILD)
    said = b"".join(others.values()).decode(errors="replace")
    assert CONCERN not in said
    assert "SafeguardingConcern" not in said
    assert "Whatever the safeguarding lead may hold is" in said
    _, hers = await copied(audit, role="dsl", child_id=CHILD)
    assert CONCERN in hers["record.html"].decode()


async def test_each_fact_can_be_checked_without_the_agency(audit: Served, tmp_path: Path) -> None:
    _, files = await copied(audit, child_id=CHILD)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    listed = [line.split("  ") for line in files["SHA256SUMS"].decode().splitlines()]
    given = {name: sha256(found).hexdigest() for name, found in files.items() if name != "SHA256SUMS"}
    assert {name: digest for digest, name in listed} == given
    good = verify(tmp_path)
    assert (good.returncode, " 0 wrong" in good.stdout) == (0, True), good.stdout + good.stderr
    assert int(good.stdout.split()[0]) == len(json.loads(files["record.json"])["facts"])
    leaf = next(path for path in sorted((tmp_path / "proofs").glob("*.leaf")))
    leaf.write_bytes(leaf.read_bytes().replace(b"alongside-leaf/v1", b"alongside-leaf/v2"))
    bad = verify(tmp_path)
    assert (bad.returncode, f"WRONG {leaf.name}" in bad.stdout) == (1, True)


async def test_that_it_was_made_is_on_record_before_it_leaves_and_the_copy_is_kept_nowhere(
    audit: Served,
) -> None:
    told, files = await copied(audit, child_id=CHILD, disclosed_to="parent")
    recorded = [fact_in(event.state) for event in await audit.running.store.read(0)]
    (made,) = [fact for fact in recorded if isinstance(fact, RecordDisclosed)]
    assert made.sha256 == told["sha256"] == sha256(files["SHA256SUMS"]).hexdigest()
    assert (made.disclosed_to, made.disclosed_by, made.purpose) == (
        "parent",
        "compliance:ruth",
        "subject_access",
    )
    assert made.facts == told["facts_in_it"]
    same = {"child_id": str(CHILD)}
    first = await audit.command("/subject-access", same, role="compliance", key="once")
    again = await audit.command("/subject-access", same, role="compliance", key="once")
    assert again.json()["archive"] is None
    assert again.json()["sha256"] == first.json()["sha256"]


async def test_only_those_who_answer_for_records_may_copy_one(audit: Served) -> None:
    for role in ("auditor", "coordinator", "mentor", "operator"):
        answer = await audit.command("/subject-access", {"child_id": str(CHILD)}, role=role)
        assert answer.status_code == 403
    nobody = await audit.command("/subject-access", {}, role="dsl")
    assert nobody.status_code == 422


async def test_what_was_erased_and_what_cannot_be_read_just_now_are_told_apart(audit: Served) -> None:
    keys = DerivedKeyring(b"the keyring of tests", destroyed={KeyRef(CHILD, "profile")})
    audit.running.sealer = Sealer(keys)
    _, files = await copied(audit, child_id=CHILD)
    told = json.loads(files["record.json"])
    states = {
        one["state"]
        for fact in told["facts"]
        for one in fact["fields"]
        if one["name"] in ("name", "child_name")
    }
    assert states == {"erased"}
    assert "profile" not in classes_in(files)
    assert "casework" in classes_in(files)
    keys.silent = True
    audit.running.sealer.forget_all()
    _, files = await copied(audit, child_id=CHILD)
    unread = json.loads(files["record.json"])["not_readable"]
    assert (unread["erased"], unread["unavailable"] > 0) == (0, True)
    assert not classes_in(files)
