"""FastAPI doing nothing: it reads and validates the command, and answers."""

from uuid import UUID

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class LogSession(BaseModel):
    """A command as large as ours."""

    mentor_id: UUID
    child_id: UUID
    minutes: int
    area: str
    effective_on: str
    note: str


@app.get("/ready")
async def ready() -> dict[str, bool]:
    return {"ready": True}


@app.post("/commands")
async def command(body: LogSession) -> dict[str, str]:
    return {"id": str(body.child_id)}
