"""The whole canary history, in a service's own store and from the services it follows."""

from collections import Counter
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.fact import Fact, contract_of
from shared.kernel.envelope import Origin, encode
from shared.kernel.projection import Projection, RawProjection
from shared.kernel.sealing.batches import keys_to_seal
from shared.kernel.store.records import Append
from tests.sight.canaries import SERVICES, history
from tests.support.served import REGION, SEALS, Served


async def telling(house: Served) -> None:
    """Store what the service itself published, and apply that and all others' facts to its read models."""
    own = house.service.name
    for source in SERVICES:
        versions: Counter[UUID] = Counter()
        facts = history(source)
        batch = []
        for position, fact in enumerate(facts, 1):
            stream = stream_of(fact)
            versions[stream] += 1
            origin = Origin(REGION, source, "coordinator:ruth", house.clock.now(), "c-1", "")
            keys = await keys_to_seal(SEALS, [fact])
            state = encode(fact, origin, stream, versions[stream], keys=keys)
            batch.append((position, state))
            if source == own:
                topic = contract_of(fact).topic
                await house.running.store.append(Append(stream, versions[stream] - 1, [(topic, state)]))
        for listener in house.service.listeners:
            if isinstance(listener, Projection | RawProjection) and source in listener.sources:
                await house._feed(listener, source, batch)


def stream_of(fact: Fact) -> UUID:
    own = getattr(fact, f"{contract_of(fact).aggregate}_id", None)
    return own if isinstance(own, UUID) else uuid5(NAMESPACE_URL, fact.model_dump_json())
