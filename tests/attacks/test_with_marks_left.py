"""Forged facts: once in the ledger they stay there, found out for ever. These come last."""

import hashlib
import json

import pytest
from nats.js import JetStreamContext

from services.audit.bundle.tampering.ways import edited
from services.audit.ledger import reconcile_verb
from services.audit.ledger.formats.leaf import signed_text
from services.audit.ledger.formats.note import Signer
from tests.attacks.house import House
from tests.support.waiting import eventually


def test_an_integrator_may_not_record_a_fact(house: House) -> None:
    body = {"requester_kind": "school", "school_id": house.children[0], "child_name": "X", "needs": "Y"}
    url = f"{house.system.urls['assignments']}/support-requests"
    headers = {**house.as_("integrator"), "Idempotency-Key": "forged"}
    assert house.client.post(url, json=body, headers=headers).status_code == 403


@pytest.mark.parametrize("stolen", [False, True], ids=["without the producer's key", "with it"])
def test_a_fact_published_by_somebody_else(
    house: House, stolen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With his own key, the signature is false. With the producer's, only its store can tell."""
    monkeypatch.setattr(reconcile_verb, "PATIENCE_SECONDS", 0.5)
    house.settle()
    service = "assignments"
    position, by = house.head(service) + 1, house.keys[f"{house.region}/{service}"]
    by = by if stolen else Signer.new(by.name)
    with house.halted("assignments.relay"):
        publish(house, position, by)
        reached = "SELECT count(*) FROM ledger_entries WHERE source = %s AND position = %s"
        eventually(lambda: house.sql("audit", reached, service, position)[0][0])
        eventually(
            lambda: house.published() == house.sql("audit", "SELECT count(*) FROM ledger_entries")[0][0]
        )
        house.ask_for_help()  # the service knows nothing of it, and records at that very place
        report = house.judged(house.bundle())
        if not stolen:
            noted = eventually(lambda: house.noted("FORGED PRODUCER SIG"))
            assert [(one["source"], one["position"]) for one in noted] == [(service, position)]
        index = house.sql(
            "audit", "SELECT index FROM ledger_entries WHERE source = %s AND position = %s", service, position
        )[0][0]
        marks = {str(one) for one in report.found}
        assert (f"FORGED PRODUCER SIG @{index}" in marks) is not stolen
        found = {(one["finding"], one["source"], one["position"]) for one in house.reconciled()}
        assert ("BLOB EDITED", service, position) in found, "the store says otherwise"
    house.repaired(replace=True)
    found = {(one["finding"], one["source"], one["position"]) for one in house.reconciled()}
    assert ("EQUIVOCATION", service, position) in found, "and so does the stream, filled again from the store"


def publish(house: House, position: int, by: Signer) -> None:
    """As the relay would, but what the service never recorded."""

    async def send(js: JetStreamContext) -> None:
        message = await js.get_msg(house.stream(), seq=position - 1)
        blob = edited(message.data)
        source, digest = f"/{house.region}/assignments", hashlib.sha256(blob).hexdigest()
        headers = {
            "Nats-Msg-Id": f"forged-{position}",
            "Alongside-Position": str(position),
            "Alongside-Previous": "0",
            "content-type": "application/cloudevents+json",
            "Alongside-Signature": by.signature(signed_text(source, position, digest, len(blob)).encode()),
        }
        assert message.subject is not None
        assert json.loads(blob)
        await js.publish(message.subject, blob, headers=headers)

    house.on_the_bus(send)
