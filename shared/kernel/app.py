"""The HTTP side of a service: its routes under its own prefix, and what every service answers."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import AwareDatetime, BaseModel

from shared.contracts.fact import find_contract
from shared.contracts.schema import schema_of
from shared.contracts.words.purposes import PURPOSES
from shared.kernel import problems, sight
from shared.kernel.auth import anyone, rule_of
from shared.kernel.problems import NotFound
from shared.kernel.running import Running
from shared.kernel.surround import Surround

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Status = Callable[[], Awaitable[dict[str, Any]]]

COMMANDS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class UnruledRoute(Exception):
    """A route says nobody who may call it."""


def build(
    name: str,
    routers: Sequence[APIRouter],
    *,
    lifespan: Lifespan | None,
    status: Status,
    refusals: Mapping[str, str],
    large_bodies: Mapping[str, int],
) -> FastAPI:
    """The application of a service. Raises UnruledRoute when a route states no rule."""
    prefix = f"/{name}"
    app = FastAPI(
        title=f"Alongside {name}",
        version="1",
        lifespan=lifespan,
        docs_url=f"{prefix}/docs",
        redoc_url=None,
        openapi_url=f"{prefix}/openapi.json",
        swagger_ui_oauth2_redirect_url=None,
    )
    for router in routers:
        for route in ruled(router):
            if rule_of(route.dependencies) is None and rule_of(list(router.dependencies)) is None:
                raise UnruledRoute(
                    f"{name}: {sorted(route.methods or ())} {route.path} needs allows(...) or anyone()"
                )
        app.include_router(router, prefix=prefix)
    app.include_router(_common(name, status, refusals), prefix=prefix)
    problems.install(app, name)
    app.add_middleware(Surround, service=name, large=large_bodies)
    _describe_headers(app)
    return app


def ruled(router: APIRouter) -> Iterator[APIRoute]:
    """Every route of a router, those of routers inside it too."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(inner := getattr(route, "original_router", None), APIRouter):
            yield from ruled(inner)


class ClockMove(BaseModel):
    """Where to move the development clock; never back."""

    now: AwareDatetime


def _common(name: str, status: Status, refusals: Mapping[str, str]) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/health")
    async def health() -> dict[str, str]:
        """The process is alive."""
        return {"service": name, "health": "alive"}

    @router.get("/ready")
    async def ready() -> JSONResponse:
        """200 when every part does its work and keeps up; 503 with the reasons when not."""
        found = await status()
        return JSONResponse(
            {"ready": found["ready"], "checks": found["checks"]}, status_code=200 if found["ready"] else 503
        )

    @router.get("/status")
    async def show_status() -> JSONResponse:
        """How far every part has come."""
        return JSONResponse(await status())

    @router.get("/metrics")
    async def metrics() -> Response:
        """Prometheus metrics."""
        await status()
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @router.get("/schemas/{topic}")
    async def schema(topic: str) -> JSONResponse:
        """The JSON Schema of a fact's data: the one whose `$id` its CloudEvent's `dataschema` names."""
        contract = find_contract(topic)
        if contract is None or contract.service != name:
            raise NotFound("fact", topic)
        return JSONResponse(schema_of(contract), media_type="application/schema+json")

    @router.get("/problems/{code}", response_class=HTMLResponse)
    async def problem(code: str) -> str:
        """What a problem means and how to mend it."""
        text = problems.KNOWN.get(code) or refusals.get(code)
        if text is None:
            raise NotFound("problem", code)
        title = code.replace("_", " ").capitalize()
        return f"<!doctype html><html lang=en><title>{title}</title><h1>{title}</h1><p>{text}</p></html>"

    @router.get("/dev/clock", dependencies=[anyone()])
    async def clock(request: Request) -> dict[str, str]:
        """What time it is for this service."""
        running: Running = request.app.state.running
        return {"now": running.clock.now().isoformat()}

    @router.put("/dev/clock", dependencies=[anyone()])
    async def move_clock(request: Request, move: ClockMove) -> dict[str, str]:
        """Move this service's clock forward (development profile only)."""
        running: Running = request.app.state.running
        if running.settings.profile != "dev":
            raise NotFound("address", "dev/clock")
        return {"now": (await running.clock.move_to(move.now)).isoformat()}

    return router


def _describe_headers(app: FastAPI) -> None:
    """Say in the OpenAPI document what every command and every question reads from its headers."""
    generate = app.openapi

    def header(name: str, required: bool, text: str) -> dict[str, Any]:
        return {
            "name": name,
            "in": "header",
            "required": required,
            "description": text,
            "schema": {"type": "string"},
        }

    headers = [
        header("Idempotency-Key", True, "fresh for each command, the same when repeating it"),
        header("If-Match", False, "the ETag last read: refuse (412) when the record has changed since"),
        header("Alongside-After", False, "wait until the read model has reached <service>:<position>"),
    ]
    purpose = header(
        sight.HEADER, False, f"why you look ({', '.join(PURPOSES)}); left out: what is usual for the role"
    )

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            for operations in generate()["paths"].values():
                for method, operation in operations.items():
                    if "operations" in operation.get("tags", ()):
                        continue
                    more = headers if method.upper() in COMMANDS else [purpose]
                    operation.setdefault("parameters", []).extend(more)
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
