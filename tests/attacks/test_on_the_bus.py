"""Somebody who can reach the bus, and a relay that does more, or less, than it should."""

import pytest
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg
from nats.js.errors import APIError

from services.audit.ledger import reconcile_verb
from tests.attacks.house import House
from tests.support.waiting import eventually


def last_message(house: House) -> RawStreamMsg:
    async def ask(js: JetStreamContext) -> RawStreamMsg:
        return await js.get_msg(house.stream(), seq=house.head("assignments"))

    return house.on_the_bus(ask)


def in_stream(house: House) -> int:
    async def ask(js: JetStreamContext) -> int:
        return int((await js.stream_info(house.stream())).state.messages)

    return house.on_the_bus(ask)


def test_a_relay_that_publishes_twice_changes_nothing(house: House) -> None:
    size = house.settle()
    before, message = in_stream(house), last_message(house)

    async def publish_again(js: JetStreamContext) -> bool:
        assert message.subject is not None
        try:
            return bool(
                (await js.publish(message.subject, message.data or b"", headers=message.headers)).duplicate
            )
        except APIError as refused:
            return "wrong last sequence" in str(refused)

    assert house.on_the_bus(publish_again)
    assert in_stream(house) == before
    assert (house.published(), house.found(house.bundle())) == (size, set())


def test_a_relay_that_leaves_a_fact_out_is_found_by_reconciling(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.settle()
    monkeypatch.setattr(reconcile_verb, "PATIENCE_SECONDS", 0.5)
    head = house.head("assignments")
    with house.halted("assignments.relay"):
        house.ask_for_help()
        found = house.reconciled()
    gaps = [one for one in found if one["finding"] == "SEQ GAP"]
    assert {(one["source"], one["position"]) for one in gaps} == {("assignments", head + 1)}
    house.settle()
    assert house.reconciled() == []


def test_a_stream_can_not_be_purged_and_a_deleted_one_is_filled_again_from_the_store(house: House) -> None:
    size = house.settle()
    signed = last_message(house).headers

    async def purge(js: JetStreamContext) -> None:
        with pytest.raises(APIError, match="not permitted"):
            await js.purge_stream(house.stream())
        await js.delete_stream(house.stream())

    house.on_the_bus(purge)
    house.repaired()
    eventually(lambda: in_stream(house) == house.head("assignments"))
    again = last_message(house).headers
    assert signed is not None
    assert again is not None
    assert signed["Alongside-Signature"] == again["Alongside-Signature"]
    assert (house.published(), house.found(house.bundle())) == (size, set())
    house.ask_for_help()
    house.settle()
    assert house.reconciled() == []


@pytest.mark.parametrize("who", ["audit-relay", "assignments-projector", "auditor", "provisioner"])
def test_a_forged_fact_of_somebody_with_another_key_does_not_reach_the_stream(house: House, who: str) -> None:
    house.settle()
    before, message = in_stream(house), last_message(house)

    async def forge(js: JetStreamContext) -> None:
        assert message.subject is not None
        forged = {**(message.headers or {}), "Nats-Msg-Id": "forged"}
        for name in [name for name in forged if name.startswith("Nats-Expected")]:
            del forged[name]
        with pytest.raises(NatsTimeout):  # who may not publish is not answered
            await js.publish(message.subject, message.data or b"", headers=forged, timeout=0.3)

    house.on_the_bus(forge, who)
    assert in_stream(house) == before
