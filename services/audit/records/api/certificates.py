"""Certificates over HTTP: what was erased, on what ground, what was held back; they name nobody."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.audit.read_model.ledger import find_fact
from services.audit.records import reading
from services.audit.records.api.persons import start
from shared.contracts.audit.certificate import ErasureCertified
from shared.kernel.call import Lookup, Reads, anyone, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/records", tags=["records"])


class Certificate(BaseModel):
    """A certificate as it was recorded. `exact` leads to its bytes, `proof` to the proof that the ledger has it."""

    certificate: ErasureCertified
    certified_at: datetime
    sha256: str
    exact: str
    proof: str


class Certificates(BaseModel):
    """One page of certificates."""

    items: list[Certificate]
    next: str | None


@router.get("/certificates", dependencies=[anyone(), seen("erasures", "ledger")])
async def certificates(
    reads: Reads,
    commitment: Annotated[
        str | None, Query(description="only the one of this commitment: SHA-256 of `<receipt>:<id>`, in hex")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Certificates:
    """Every certificate, the oldest first. Nobody is named in them, so nobody is kept from them."""
    found = await reads(
        reading.erasures_of,
        person_id=None,
        certified=True,
        commitment=commitment,
        after=start(cursor),
        limit=limit + 1,
    )
    shown = [one for row in found if (one := await _shown(reads, row))]
    return Certificates(**page(shown, limit, _place))


@router.get("/certificates/{erasure_id}", dependencies=[anyone(), seen("erasures", "ledger")])
async def certificate(erasure_id: UUID, reads: Reads) -> Certificate:
    """One certificate."""
    row = await reads(reading.erasure, erasure_id)
    shown = await _shown(reads, row) if row else None
    if shown is None:
        raise NotFound("certificate", erasure_id)
    return shown


async def _shown(reads: Lookup, row: dict[str, Any]) -> Certificate | None:
    """None while there is none, or its fact can't be shown yet: the ledger is another read model."""
    place = f"audit/{row['certificate']}"
    fact = await reads(find_fact, "audit", row["certificate"]) if row["certificate"] else None
    if fact is None:
        return None
    return Certificate(
        certificate=ErasureCertified.model_validate(orjson.loads(fact["body"])["data"]),
        certified_at=row["certified_at"],
        sha256=fact["sha256"],
        exact=f"/audit/facts/{place}",
        proof=f"/audit/ledger/proof/{place}",
    )


def _place(one: Certificate) -> list[Any]:
    return [one.certified_at.isoformat(), one.certificate.erasure_id]
