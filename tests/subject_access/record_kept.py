"""A service of audit that keeps the story of Ada and Grace, of another child, and a witnessed tree of all of it."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.cosignature import cosign
from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.merkle import leaf_hash, root_of
from services.audit.ledger.formats.note import sign, with_signatures
from services.audit.ledger.formats.tiles import Tile, grow
from services.audit.read_model.ledger_tables import checkpoints, entries, tiles
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.concern import SafeguardingConcernRaised
from shared.contracts.fact import Fact, contract_of
from shared.contracts.sessions.session_log import SessionLogged
from shared.kernel.envelope import Origin, encode
from shared.kernel.notekeys import Signer
from shared.kernel.sealing.batches import keys_to_seal
from tests.sight.canaries import SERVICES, history
from tests.sight.telling import stream_of
from tests.support.examples import example
from tests.support.people import MONDAY_NINE, OTHER_CHILD
from tests.support.served import REGION, SEALS, Served

BEN = "Ben Achterberg, another child"
BENS_NOTES = "what Ben did"
CONCERN = "what was seen"
LOG = Signer("alongside.test/uk-london", bytes(range(32)))


def story() -> dict[str, list[Fact]]:
    """What each service published."""
    told = {service: history(service) for service in SERVICES}
    ben = {"child_id": OTHER_CHILD, "assignment_id": uuid4()}
    told["assignments"].append(example(ChildAccepted).model_copy(update={**ben, "name": BEN}))
    told["sessions"].append(example(SessionLogged).model_copy(update={**ben, "notes": BENS_NOTES}))
    concern = {"concern_id": uuid4(), "details": CONCERN}
    told["assignments"].append(example(SafeguardingConcernRaised).model_copy(update=concern))
    return told


async def keep(house: Served) -> int:
    """Have audit keep the story, and witness it; how many facts it is."""
    leaves = []
    for service, facts in story().items():
        batch = []
        for position, fact in enumerate(facts, 1):
            origin = Origin(REGION, service, "coordinator:ruth", house.clock.now(), "c-1", "")
            state = encode(fact, origin, stream_of(fact), 1, keys=await keys_to_seal(SEALS, [fact]))
            batch.append((position, state))
            digest = sha256(state).hexdigest()
            leaves.append(Leaf(f"/{REGION}/{service}", position, digest, len(state), MONDAY_NINE))
        await house.follow(service, batch)
    await _witness(house, leaves)
    return len(leaves)


async def _witness(house: Served, leaves: list[Leaf]) -> None:
    encoded = [leaf.encode() for leaf in leaves]
    hashes = [leaf_hash(leaf) for leaf in encoded]
    root = root_of(hashes)
    text = Checkpoint(LOG.name, len(leaves), root).text()
    seen = cosign(text, "witness.test/ann", bytes(32), int(MONDAY_NINE.timestamp()))
    held = grow(_nothing, 0, hashes)
    async with house.running.engine.begin() as db:
        rows: list[dict[str, Any]] = [
            {"index": n, "source": leaf.source.rsplit("/", 1)[1], "position": leaf.position, "leaf": found}
            for n, (leaf, found) in enumerate(zip(leaves, encoded, strict=True))
        ]
        await db.execute(insert(entries), rows)
        whole = [{"path": _whole(path), "bytes": found} for path, found in held.items()]
        await db.execute(insert(tiles), whole)
        await db.execute(
            insert(checkpoints).values(
                size=len(leaves),
                root=root.hex(),
                note=with_signatures(sign(text, LOG), [seen]),
                witnessed_at=MONDAY_NINE,
            )
        )


def _whole(path: str) -> str:
    tile = Tile.parse(path)
    return Tile(tile.level, tile.n).path


def _nothing(path: str) -> bytes:
    raise LookupError(path)


def of_contract(fact: Fact) -> str:
    return contract_of(fact).name
