"""Facts that `./alongside trigger` can make happen, and that each of them really does."""

from collections.abc import Iterator

import pytest

from deploy.embedded import System
from deploy.following.house import House
from deploy.triggering.playing import named, play, scenes
from shared.contracts.fact import find_contract
from tests.support.engines import engine_folder

TOPICS = sorted(scenes())


def test_many_facts_of_every_service_can_be_made_to_happen() -> None:
    services = [topic.partition(".")[0] for topic in TOPICS]
    assert {name: services.count(name) >= 8 for name in set(services)} == dict.fromkeys(
        ("assignments", "sessions", "training", "notifications"), True
    )
    assert len(TOPICS) >= 80


def test_only_facts_that_may_be_followed_are_offered_each_under_its_short_name() -> None:
    for topic in TOPICS:
        contract = find_contract(topic)
        assert contract
        assert not contract.restricted
        assert contract in named(topic)
        assert contract in named(contract.name)


@pytest.fixture(scope="module")
def outside() -> Iterator[House]:
    with engine_folder() as folder, System(folder / "data") as system:
        yield House(system.urls, system.region, f"dev:operator:{system.region}:cli")


@pytest.mark.long
@pytest.mark.parametrize("topic", TOPICS)
async def test_the_fact_happens_and_names_what_was_made_for_it(topic: str, outside: House) -> None:
    commands: list[str] = []
    told = await play(outside, topic, lambda exchange: commands.append(exchange.asked))
    assert told.envelope.type == topic
    assert commands, "it happened without anybody doing anything"
