"""Facts in, rows out: what is certified, and the place of each certification in a status list."""

from collections.abc import Iterator
from typing import TypeAlias

from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

Certified: TypeAlias = CertificationGranted | CertificationRevoked

BITS = 131_072
"""Of a status list: the fewest that Bitstring Status List 1.0 allows, so that one place tells nobody."""


def badges(recorded: Recorded[Certified]) -> Iterator[Row]:
    """A place in a list is the fact's place in the log: nobody has to hand places out, and a rebuild finds the same."""
    fact = recorded.fact
    key = {"certification_id": fact.certification_id}
    match fact:
        case CertificationGranted():
            number, index = divmod(recorded.position, BITS)
            told = fact.model_dump(
                include={"mentor_id", "track", "kind", "granted_on", "valid_from", "valid_until"}
            )
            yield Put("badges", key, {**told, "list_number": number, "list_index": index})
        case CertificationRevoked(revoked_on=day):
            yield Put("badges", key, {"revoked_on": day, "revoked_at": recorded.recorded_at})
