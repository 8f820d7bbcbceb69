"""The ledger as it stands: the newest checkpoint, who has countersigned it, and what was found to be wrong."""

import asyncio
import base64
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.console.pages.shown import Asking, page

router = APIRouter()

COSIGNED = 4 + 8
"""Bytes before the signature itself: those of a cosignature are its key's id and a time in seconds."""


@router.get("/evidence")
async def evidence(request: Request, services: Asking) -> HTMLResponse:
    """What an auditor pins: size and root; then the reach of each source, and every finding."""
    status, checkpoint, findings, certificates = await asyncio.gather(
        services.get("audit", "/ledger/status"),
        services.text("audit", "/ledger/checkpoint"),
        services.get("audit", "/ledger/findings", limit=50),
        services.get("audit", "/records/certificates", limit=10),
    )
    asked = [status, findings] if checkpoint.status == 404 else [status, findings, checkpoint]
    return page(
        request,
        "evidence.html",
        asked,
        status=200,
        ledger=status.body if status.ok else None,
        note=checkpoint.body if checkpoint.ok else None,
        signers=signers(checkpoint.body) if checkpoint.ok else [],
        findings=findings.items,
        certificates=certificates.items,
    )


def signers(note: str) -> list[dict[str, Any]]:
    """Who signed a checkpoint, in its order; a witness also says when. Verified by `audit verify`, not here."""
    found = []
    for line in note.partition("\n\n")[2].splitlines():
        _, name, signature = line.split(" ")
        held = base64.b64decode(signature)
        seconds = int.from_bytes(held[4:COSIGNED], "big") if len(held) == COSIGNED + 64 else None
        found.append({"name": name, "at": seconds and datetime.fromtimestamp(seconds, UTC)})
    return found
