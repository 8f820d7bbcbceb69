"""How the whole system is."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.console.asking import Answer
from services.console.pages.shown import Asking, page

router = APIRouter()


@router.get("/")
async def overview(request: Request, services: Asking) -> HTMLResponse:
    """Every service: ready or not, how far it is, and what lags."""
    answers = await services.all_status()
    cards = [_card(name, answer) for name, answer in answers.items()]
    return page(request, "overview.html", cards=cards, well=all(card["ready"] for card in cards))


def _card(name: str, answer: Answer) -> dict[str, Any]:
    status = answer.body if answer.ok else {}
    projections = status.get("projections", [])
    failing = {what: found["detail"] for what, found in status.get("checks", {}).items() if not found["ok"]}
    return {
        "name": name,
        "ready": bool(status.get("ready")),
        "problem": answer.problem,
        "failing": failing,
        "head": status.get("head"),
        "relay": status.get("relay"),
        "due": status.get("due"),
        "projections": projections,
        "parked": sum(found["parked"] for found in projections),
    }
