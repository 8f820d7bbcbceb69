"""The records office over HTTP, from the request to the certificate, on one audit service."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from services.audit.main import service
from services.audit.read_model.tables import facts
from shared.contracts.assignments.child import ChildAccepted, ChildExited, ChildReopened
from shared.contracts.assignments.forgotten import SubjectForgotten as AssignmentsForgot
from shared.contracts.assignments.mentor import MentorApplied
from shared.contracts.notifications.forgotten import SubjectForgotten as NotificationsForgot
from shared.contracts.notifications.recipient import RecipientRegistered
from shared.contracts.sessions.forgotten import SubjectForgotten as SessionsForgot
from shared.contracts.training.forgotten import SubjectForgotten as TrainingForgot
from shared.kernel.sealing.derived import DerivedKeyring
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.sealer import Sealer
from tests.support.engines import PostgresServer
from tests.support.examples import example
from tests.support.people import CHILD
from tests.support.reused import service_database
from tests.support.served import Served, served

AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
LEFT = date(2026, 8, 1)
OTHERS = {
    "assignments": AssignmentsForgot,
    "notifications": NotificationsForgot,
    "sessions": SessionsForgot,
    "training": TrainingForgot,
}


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    with service_database(postgres, service) as url:
        yield url


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Served]:
    sealer = Sealer(DerivedKeyring(b"the keyring of tests"))
    async with served(service, database_url, AT, sealer) as office:
        yield office


async def left(office: Served) -> UUID:
    """A child who was supported and is not any more, and its mother, who is told things."""
    parent = uuid4()
    await office.hear("assignments", example(ChildAccepted), gone())
    registered = {"recipient_id": parent, "role": "parent", "child_id": CHILD, "mentor_id": None}
    await office.hear("notifications", example(RecipientRegistered).model_copy(update=registered))
    return parent


def gone() -> ChildExited:
    return example(ChildExited).model_copy(update={"exited_on": LEFT})


async def asked(office: Served, **body: Any) -> dict[str, Any]:
    told = {"child_id": str(CHILD), "ground": "no_longer_necessary", **body}
    return await office.done("/records/erasures", told, name="ruth")


async def approved(office: Served, erasure_id: str) -> None:
    path = f"/records/erasures/{erasure_id}"
    await office.done(f"{path}/decide", role="compliance", name="omar")
    await office.done(f"{path}/approve", role="manager", name="dawn")
    await office.done(f"{path}/approve", role="dsl", name="imani")


async def stage(office: Served, erasure_id: str) -> dict[str, Any]:
    found: dict[str, Any] = await office.ask(f"/records/erasures/{erasure_id}", role="auditor")
    return found


async def others_forget(office: Served, erasure_id: str) -> None:
    for source, word in OTHERS.items():
        await office.hear(source, example(word).model_copy(update={"erasure_id": UUID(erasure_id)}))


async def test_from_the_request_to_a_certificate_that_names_nobody(office: Served) -> None:
    parent = await left(office)
    request = await asked(office)
    erasure_id, receipt = request["erasure_id"], request["receipt"]
    await approved(office, erasure_id)
    waiting = await stage(office, erasure_id)
    assert waiting["stage"] == "keys_destroyed"
    assert waiting["waiting_for"] == sorted(OTHERS)
    keyring = office.running.sealer and office.running.sealer.keyring
    assert isinstance(keyring, DerivedKeyring)
    for person in (CHILD, parent):
        assert {KeyRef(person, "profile"), KeyRef(person, "contact")} <= keyring.destroyed
        assert KeyRef(person, "safeguarding") not in keyring.destroyed
    assert (await office.ask("/records/certificates", role="parent"))["items"] == []

    await others_forget(office, erasure_id)
    done = await stage(office, erasure_id)
    assert (done["stage"], done["waiting_for"]) == ("certified", [])
    commitment = sha256(f"{receipt}:{CHILD}".encode()).hexdigest()
    found = await office.ask("/records/certificates", role="parent", commitment=commitment)
    (one,) = found["items"]
    certificate = one["certificate"]
    assert certificate["classes"] == ["profile", "casework", "contact"]
    assert {kept["keep"]: kept["until"] for kept in certificate["kept"]} == {
        "safeguarding": "2051-08-01",
        "employment": "2032-08-01",
    }
    assert certificate["epoch"] == 1
    assert str(CHILD) not in str(one)
    kept = await office.client.get(
        one["exact"], headers={"Authorization": "Bearer dev:auditor:uk-london:ines"}
    )
    assert sha256(kept.content).hexdigest() == one["sha256"]
    assert str(CHILD).encode() not in kept.content

    # The office may be ahead of the ledger, which is another read model.
    async with office.running.engine.begin() as db:
        await db.execute(delete(facts).where(facts.c.source == "audit"))
    assert (await office.ask("/records/certificates", role="auditor"))["items"] == []
    assert (await office.get(f"/records/certificates/{erasure_id}", role="auditor")).status_code == 404


async def test_what_is_kept_goes_by_itself_when_its_day_comes(office: Served) -> None:
    await left(office)
    request = await asked(office, classes=["contact", "employment"])
    await approved(office, request["erasure_id"])
    await others_forget(office, request["erasure_id"])
    await office.pass_time(datetime(2032, 7, 31, 23, 0, tzinfo=UTC))
    page = await office.ask("/records/erasures", role="compliance", child_id=CHILD)
    assert len(page["items"]) == 1
    await office.pass_time(datetime(2032, 8, 1, 1, 0, tzinfo=UTC))
    page = await office.ask("/records/erasures", role="compliance", child_id=CHILD)
    assert [one["classes"] for one in page["items"]] == [["contact", "employment"], ["employment"]]
    follower = page["items"][1]
    assert (follower["stage"], follower["follows"]) == ("keys_destroyed", request["erasure_id"])
    await others_forget(office, follower["erasure_id"])
    certificates = (await office.ask("/records/certificates", role="auditor"))["items"]
    assert [one["certificate"]["classes"] for one in certificates] == [["contact"], ["employment"]]
    assert {one["certificate"]["ground"] for one in certificates} == {"no_longer_necessary"}


async def test_of_whom_nothing_is_known_yet_is_not_forgotten_and_an_applicant_may_be(office: Served) -> None:
    request = await asked(office)
    path = f"/records/erasures/{request['erasure_id']}/decide"
    await office.done(path, role="compliance", name="omar")
    assert (await stage(office, request["erasure_id"]))["refused"] == "everything_is_kept"
    applied = example(MentorApplied)
    await office.hear("assignments", applied)
    told = {"mentor_id": str(applied.mentor_id), "ground": "consent_withdrawn", "classes": ["contact"]}
    again = await office.done("/records/erasures", told, name="ruth")
    await approved(office, again["erasure_id"])
    assert (await stage(office, again["erasure_id"]))["stage"] == "keys_destroyed"


async def test_whoever_comes_back_is_not_forgotten_by_an_old_decision(office: Served) -> None:
    await left(office)
    request = await asked(office, classes=["contact", "employment"])
    await approved(office, request["erasure_id"])
    await office.hear("assignments", example(ChildReopened))
    await office.pass_time(datetime(2032, 8, 2, tzinfo=UTC))
    assert len((await office.ask("/records/erasures", role="compliance"))["items"]) == 1


async def test_a_hold_is_placed_seen_and_lifted_by_whoever_may(office: Served) -> None:
    await left(office)
    body = {"child_id": str(CHILD), "classes": ["casework"], "reason": "legal_claim"}
    refused = await office.command("/records/holds", body, role="compliance")
    assert refused.status_code == 403
    hold = await office.done("/records/holds", body, role="manager", name="dawn")
    request = await asked(office, classes=["casework"])
    path = f"/records/erasures/{request['erasure_id']}"
    await office.done(f"{path}/decide", role="compliance", name="omar")
    found = await stage(office, request["erasure_id"])
    assert (found["stage"], found["refused"]) == ("refused", "everything_is_kept")
    (shown,) = (await office.ask("/records/holds", role="auditor", standing=True))["items"]
    assert shown["hold_id"] == hold["hold_id"]
    await office.done(f"/records/holds/{hold['hold_id']}/lift", role="dsl", name="imani")
    assert (await office.ask("/records/holds", role="auditor", standing=True))["items"] == []


async def test_refusals_say_what_to_do_and_a_repeated_request_has_no_receipt(office: Served) -> None:
    await left(office)
    body = {"child_id": str(CHILD), "ground": "objection"}
    first = await office.command("/records/erasures", body, key="one")
    again = await office.command("/records/erasures", body, key="one")
    assert first.json()["receipt"]
    assert again.json()["receipt"] is None
    assert again.json()["erasure_id"] == first.json()["erasure_id"]
    path = f"/records/erasures/{first.json()['erasure_id']}"
    early = await office.command(f"{path}/approve", role="manager", name="dawn")
    assert (early.status_code, early.json()["code"]) == (409, "not_decided")
    both = await office.command("/records/erasures", {**body, "mentor_id": str(CHILD)})
    assert (both.status_code, both.json()["code"]) == (422, "invalid_person")
    nobody = await office.command(f"/records/erasures/{uuid4()}/approve", role="manager")
    assert nobody.status_code == 404
    await office.done(f"{path}/refuse", {"why": "withdrawn"}, role="compliance")
    assert (await stage(office, first.json()["erasure_id"]))["stage"] == "refused"


async def test_lists_are_paged(office: Served) -> None:
    for at in range(3):
        office.clock.at += timedelta(minutes=at)
        told = {"child_id": str(uuid4()), "ground": "objection"}
        await office.done("/records/erasures", told, name="ruth")
    first = await office.ask("/records/erasures", role="auditor", limit=2)
    rest = await office.ask("/records/erasures", role="auditor", limit=2, cursor=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
