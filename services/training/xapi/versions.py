"""The version header of xAPI: asked of every request, said in every answer."""

import re
from base64 import b64decode
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.types import Scope

from shared.kernel.decider import Refused
from shared.kernel.problems import Problem, of_refusal, respond

HEADER = "X-Experience-API-Version"
SPOKEN = ("1.0.3", "2.0.0")
_ASKED = re.compile(r"(1\.0|2\.0)(\.\d+)?")


def spoken(asked: str | None) -> str:
    """The version that a request is answered in. Raises Problem 400."""
    if asked is None:
        raise Problem(400, "xapi_version_missing", f"send {HEADER}, such as {SPOKEN[0]}")
    found = _ASKED.fullmatch(asked.strip())
    if found is None:
        raise Problem(400, "xapi_version_unknown", f"{HEADER}: {' and '.join(SPOKEN)} are spoken here")
    return next(version for version in SPOKEN if version.startswith(found[1]))


class XapiRoute(APIRoute):
    """Says its version whatever becomes of the request."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def answer(request: Request) -> Response:
            version = SPOKEN[0]
            _take_basic_as_bearer(request.scope)
            try:
                if not self.path.endswith("/about"):
                    version = spoken(request.headers.get(HEADER))
                request.state.xapi_version = version
                response: Response = await inner(request)
            except Problem as problem:
                response = respond(problem, request.app.state.running.service)
            except Refused as refused:
                response = respond(of_refusal(refused), request.app.state.running.service)
            except RequestValidationError as wrong:
                told = "; ".join(f"{found['loc'][-1]}: {found['msg']}" for found in wrong.errors())
                response = respond(Problem(400, "invalid_request", told), request.app.state.running.service)
            response.headers[HEADER] = version
            return response

        return answer


def _take_basic_as_bearer(scope: Scope) -> None:
    """HTTP Basic is all that many learning systems can send: its password is the token, whatever the name."""
    headers = dict(scope["headers"])
    scheme, _, secret = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"basic":
        return
    try:
        _, _, token = b64decode(secret.strip(), validate=True).partition(b":")
    except ValueError:
        return
    others = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
    scope["headers"] = [*others, (b"authorization", b"Bearer " + token)]


def wrong(field: str, detail: str) -> Problem:
    """A request that is not of the standard: 400, as xAPI has it."""
    return Problem(
        400, "invalid_statement", f"{field}: {detail}" if field else detail,
        errors=[{"field": field, "detail": detail}],
    )  # fmt: skip


def only(request: Request, known: frozenset[str]) -> dict[str, str]:
    """The parameters of a request, which must be these, each once. Raises Problem 400."""
    found: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise wrong(name, f"there is no such parameter; there are {', '.join(sorted(known))}")
        if name in found:
            raise wrong(name, "once is enough")
        found[name] = value
    return found
