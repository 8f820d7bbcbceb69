"""Saying no over HTTP: RFC 9457 problems that name the field and the mend."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from shared.kernel.commands import SUBJECT_ERASED, KeyReused
from shared.kernel.decider import Refused
from shared.kernel.sealing.fields import Unrecordable
from shared.kernel.sealing.keyring import KeyringUnavailable
from shared.kernel.store import StoreUnavailable, VersionConflict

MEDIA_TYPE = "application/problem+json"

KNOWN: dict[str, str] = {
    "invalid_request": "A field of the request is missing or wrong. `errors` names each field and what it should be.",
    "idempotency_key_missing": "Every command carries an Idempotency-Key header, so that sending it again is safe. "
    "Send a fresh UUID with each new command, and the same one when repeating it.",
    "idempotency_key_reused": "This Idempotency-Key was used for another request. Send a fresh one.",
    "version_mismatch": "If-Match names another version than the current one. Read again, then decide again.",
    "precondition_required": "This change needs If-Match with the ETag that you last read.",
    "conflict": "Others kept writing to the same record. Nothing was recorded; send it again.",
    "not_found": "There is no such thing here, or it is not visible yet: pass `after` with the position you know.",
    "method_not_allowed": "This address exists, but not for this method.",
    "too_large": "The body is larger than this address takes.",
    "not_identified": "Say who you are: an Authorization header with a bearer token.",
    "not_allowed": "Your role or region may not do this.",
    "not_caught_up": "The read model has not reached the position you asked for in time. Try again shortly.",
    "store_unavailable": "The database did not answer. Send the same request with the same Idempotency-Key again.",
    "personal_unreadable": "What would be recorded repeats something personal that can't be read any more, such as "
    "the name of somebody who was forgotten. Nothing was recorded; say it anew instead of taking it from the record.",
    "keyring_unavailable": "The keys of personal fields can't be had just now. "
    "Nothing was recorded; send the same request with the same Idempotency-Key again.",
    "subject_erased": SUBJECT_ERASED,
    "unexpected": "A fault on our side. Nothing was half done; the correlation id finds it in the logs.",
}


class Problem(Exception):
    """An answer of 4xx or 5xx. `code` is stable; `detail` says what is wrong here and what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        items: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.items, self.headers = errors, items, headers


class NotFound(Problem):
    """There is no such thing."""

    def __init__(self, kind: str, key: UUID | str) -> None:
        super().__init__(404, "not_found", f"there is no {kind} {key}")


def of_refusal(refused: Refused) -> Problem:
    """The problem that a refused command is answered with."""
    status = 422 if refused.code.startswith("invalid_") else 409
    return Problem(status, refused.code, refused.message, items=refused.items)


def body(problem: Problem, service: str) -> bytes:
    """The problem document."""
    document: dict[str, Any] = {
        "type": f"/{service}/problems/{problem.code}",
        "title": problem.code.replace("_", " ").capitalize(),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
    }
    if problem.errors:
        document["errors"] = list(problem.errors)
    if problem.items:
        document["items"] = [dict(item) for item in problem.items]
    return orjson.dumps(document, default=str)


def respond(problem: Problem, service: str) -> Response:
    headers = dict(problem.headers) if problem.headers else None
    return Response(body(problem, service), problem.status, headers, MEDIA_TYPE)


def install(app: FastAPI, service: str) -> None:
    """Answer every exception of a request with a problem document."""

    def answer(problem: Problem) -> Response:
        return respond(problem, service)

    @app.exception_handler(Problem)
    async def _problem(_: Request, error: Problem) -> Response:
        return answer(error)

    @app.exception_handler(Refused)
    async def _refused(_: Request, error: Refused) -> Response:
        return answer(of_refusal(error))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> Response:
        errors = [
            {
                "field": ".".join(str(part) for part in found["loc"][1:]) or str(found["loc"][0]),
                "detail": found["msg"],
            }
            for found in error.errors()
        ]
        detail = "; ".join(f"{found['field']}: {found['detail']}" for found in errors)
        return answer(Problem(422, "invalid_request", detail, errors=errors))

    @app.exception_handler(KeyReused)
    async def _reused(_: Request, error: KeyReused) -> Response:
        return answer(Problem(422, "idempotency_key_reused", KNOWN["idempotency_key_reused"]))

    @app.exception_handler(VersionConflict)
    async def _conflict(_: Request, error: VersionConflict) -> Response:
        return answer(Problem(409, "conflict", KNOWN["conflict"]))

    @app.exception_handler(StoreUnavailable)
    async def _unavailable(_: Request, error: StoreUnavailable) -> Response:
        return answer(Problem(503, "store_unavailable", str(error), headers={"Retry-After": "1"}))

    @app.exception_handler(KeyringUnavailable)
    async def _keyless(_: Request, error: KeyringUnavailable) -> Response:
        known = KNOWN["keyring_unavailable"]
        return answer(Problem(503, "keyring_unavailable", known, headers={"Retry-After": "1"}))

    @app.exception_handler(Unrecordable)
    async def _unrecordable(_: Request, error: Unrecordable) -> Response:
        return answer(Problem(409, "personal_unreadable", KNOWN["personal_unreadable"]))

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> Response:
        code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(
            error.status_code, HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        )
        return answer(
            Problem(error.status_code, code, KNOWN.get(code, str(error.detail)), headers=error.headers)
        )

    @app.exception_handler(Exception)
    async def _unexpected(_: Request, error: Exception) -> Response:
        return answer(Problem(500, "unexpected", KNOWN["unexpected"]))
