"""Subject access over HTTP: one person's whole record, made once, and that it was made on record."""

import base64
from collections.abc import Sequence
from hashlib import sha256
from typing import Self
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, model_validator

from services.audit.read_model.opening import opened
from services.audit.records.access_files import Copy, files_of, packed
from services.audit.records.access_reading import whole_record
from services.audit.records.access_record import entries, totals
from services.audit.records.access_subject import Kind, Subject
from shared.contracts.audit.disclosure import RecordDisclosed
from shared.contracts.fact import Fact
from shared.contracts.words.purposes import DisclosedTo
from shared.kernel.call import Call, allows
from shared.kernel.decider import Decider
from shared.kernel.problems import NotFound
from shared.kernel.sight import look

router = APIRouter(tags=["records"])

WHO = ("compliance", "manager", "dsl")


def _decide(made: bool, disclosed: RecordDisclosed) -> Sequence[Fact]:
    return () if made else (disclosed,)


def _evolve(_: bool, __: Fact) -> bool:
    return True


disclosure: Decider[bool, RecordDisclosed] = Decider("disclosure", False, _decide, _evolve)
"""A stream for each copy: that it was made is all that happens to it."""


class Asked(BaseModel):
    """Whose record, and for whom the copy is: exactly one id."""

    child_id: UUID | None = None
    mentor_id: UUID | None = None
    disclosed_to: DisclosedTo = "subject"

    @model_validator(mode="after")
    def _one_person(self) -> Self:
        if (self.child_id is None) == (self.mentor_id is None):
            raise ValueError("child_id, mentor_id: name one person, by one of them")
        return self

    def subject(self) -> tuple[Kind, UUID]:
        if self.child_id is not None:
            return "child", self.child_id
        assert self.mentor_id is not None
        return "mentor", self.mentor_id


@router.post("/subject-access", status_code=201, dependencies=[allows(*WHO)])
async def make_copy(request: Request, body: Asked, call: Call) -> Response:
    """Everything on record about one child or mentor, readable and with proofs, as a ZIP file (`archive`, base64).

    The archive is told once and kept nowhere: whoever missed it asks again under a fresh key. That it was made, for
    whom, and the digest of its list of files is on record before it leaves.
    """
    role = call.actor.role
    kind, subject_id = body.subject()
    sight = look(role, "subject_access")
    request.state.sight = sight
    restricted = "safeguarding" in sight.opens
    kept = await call.reads(whole_record, kind, subject_id, known_at=call.now, restricted=restricted)
    if not kept.facts:
        raise NotFound(kind, subject_id)
    subject = Subject(kind, subject_id)
    rows = await opened(call.running.sealer, kept.facts, sight.opens, subject.owns)
    found = entries(subject, rows, sight.opens)
    copy = Copy(call.new_id(), body.disclosed_to, str(call.actor), call.now, restricted)
    files = files_of(copy, subject, found, kept)
    digest = sha256(files["SHA256SUMS"]).hexdigest()
    made = RecordDisclosed(
        disclosure_id=copy.disclosure_id,
        disclosed_to=body.disclosed_to,
        purpose=sight.purpose,
        classes=tuple(sorted(sight.opens)),
        facts=len(found),
        withheld=totals(found)["withheld"],
        known_at=call.now,
        ledger_size=kept.tree.size if kept.tree else None,
        ledger_root=kept.tree.root if kept.tree else None,
        sha256=digest,
        disclosed_by=str(call.actor),
        disclosed_at=call.now,
        child_id=body.child_id,
        mentor_id=body.mentor_id,
    )
    return await call.decide(
        disclosure,
        copy.disclosure_id,
        made,
        status=201,
        show={"disclosure_id": str(copy.disclosure_id), "sha256": digest, "facts_in_it": len(found)},
        once={"archive": base64.b64encode(packed(files)).decode()},
        new=True,
    )
