"""A service that records one kind of fact: an HTTP command with everything that the kernel does for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import MetaData

from bench.ours.totals import SessionLogged
from shared.kernel.call import Call, allows
from shared.kernel.decider import Decider
from shared.kernel.service import Service, run


class LogSession(BaseModel):
    """The command, as large as the one that FastAPI doing nothing takes."""

    mentor_id: UUID
    child_id: UUID
    minutes: int
    area: str
    effective_on: date
    note: str


@dataclass(frozen=True)
class Session:
    """Nothing is known before it is logged."""

    session_id: UUID | None = None


@dataclass(frozen=True)
class Log:
    """The body, for a session that does not exist yet."""

    session_id: UUID
    body: LogSession


def decide(state: Session, command: Log) -> Sequence[SessionLogged]:
    if state.session_id is not None:
        return ()
    return (SessionLogged(**dict(command.body)),)


def evolve(state: Session, fact: SessionLogged) -> Session:
    return Session(fact.child_id)


session = Decider("session", Session(), decide, evolve)
router = APIRouter(tags=["bench"])


@router.post("/sessions", status_code=201, dependencies=[allows("mentor")])
async def log_session(body: LogSession, call: Call) -> Response:
    stream = call.new_id()
    return await call.decide(
        session, stream, Log(stream, body), status=201, location=f"/bench/sessions/{stream}", new=True
    )


service = Service(name="bench", routers=(router,), metadata=MetaData(), migrations=None)

if __name__ == "__main__":
    run(service)
