"""The console's application: pages, files, and the headers that keep other people's scripts out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from services.console.asking import Answer
from services.console.pages import (
    catalogue,
    children,
    evidence,
    identity,
    inbox,
    mentors,
    overview,
    preferences,
    records,
)
from services.console.pages.shown import page
from services.console.settings import ConsoleSettings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PREFIX = "/console"


def build(settings: ConsoleSettings) -> FastAPI:
    """The application, talking to the services named in the settings."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            app.state.client, app.state.settings = client, settings
            yield

    app = FastAPI(
        title="Alongside console", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    for part in (overview, children, mentors, inbox, preferences, identity, evidence, records, catalogue):
        app.include_router(part.router, prefix=PREFIX)
    app.mount(f"{PREFIX}/static", StaticFiles(directory=Path(__file__).parent / "static"), "static")
    _operations(app, settings)
    _short(app)
    _guard(app)
    return app


def _short(app: FastAPI) -> None:
    @app.get("/catalogue{rest:path}")
    async def catalogue_at_the_root(rest: str) -> RedirectResponse:
        """The address that people guess; only ever to a page of ours."""
        return RedirectResponse(f"{PREFIX}/catalogue{quote(rest)}")


def _operations(app: FastAPI, settings: ConsoleSettings) -> None:
    @app.get(f"{PREFIX}/health")
    async def health() -> dict[str, str]:
        return {"service": "console", "health": "alive"}

    @app.get(f"{PREFIX}/ready")
    async def ready() -> dict[str, object]:
        """The pages need nothing but this process: a service that is away is told on the page."""
        return {"ready": True, "checks": {}}

    @app.get(f"{PREFIX}/status")
    async def status() -> dict[str, object]:
        return {
            "service": "console",
            "region": settings.region,
            "ready": True,
            "checks": {},
            "head": 0,
            "relay": None,
            "projections": [],
            "due": None,
        }


def _guard(app: FastAPI) -> None:
    @app.middleware("http")
    async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        """Forms are taken from our own pages only; nothing personal stays in a cache."""
        if request.method == "POST" and not _from_our_pages(request):
            told = Answer(403, problem="This form was not sent from the console's own pages.")
            response: Response = page(request, "refused.html", [told], status=403)
        else:
            response = await answer(request)
        response.headers.update(HEADERS)
        if not request.url.path.startswith(f"{PREFIX}/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.exception_handler(HTTPException)
    async def missing(request: Request, error: HTTPException) -> Response:
        told = Answer(
            error.status_code, problem="There is no such page. The list above leads to all there are."
        )
        return page(request, "refused.html", [told], status=error.status_code)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        told = Answer(422, problem="This address has a part that cannot be right. Go back and choose again.")
        return page(request, "refused.html", [told], status=422)


def _from_our_pages(request: Request) -> bool:
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    return (site in (None, "same-origin")) and (origin is None or origin == str(request.base_url).rstrip("/"))
