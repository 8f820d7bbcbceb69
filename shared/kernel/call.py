"""A request to a service: what a route needs to decide something, or to look something up."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.fact import Fact, contract_of
from shared.kernel.auth import Actor, allows, anyone
from shared.kernel.commands import Answer, Outcome, execute
from shared.kernel.decider import Decider, Refused
from shared.kernel.envelope import Origin, new_id
from shared.kernel.problems import KNOWN, MEDIA_TYPE, Problem, body, of_refusal
from shared.kernel.running import Running
from shared.kernel.store import VersionConflict
from shared.kernel.waiting import caught_up, seen

__all__ = ["Call", "CommandCall", "Lookup", "Reads", "allows", "anyone", "seen"]

P = ParamSpec("P")
T = TypeVar("T")
MOST_KEY = 200


class Lookup:
    """Runs a query of the read model: `await reads(who_supported, child_id)`."""

    def __init__(self, running: Running, shown: dict[str, UUID]) -> None:
        self.running, self._shown = running, shown

    def shows(self, **subjects: UUID | None) -> None:
        """Say whom the answer is about beside those in its address: `shows(child_id=...)`; kept with the view."""
        self._shown.update({name: value for name, value in subjects.items() if value is not None})

    async def __call__(
        self,
        query: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        async with self.running.engine.connect() as connection:
            return await query(connection, *args, **kwargs)


class CommandCall:
    """One command over HTTP: who, when, under which idempotency key, on which version."""

    def __init__(
        self, running: Running, actor: Actor, correlation: str, key: str, fingerprint: bytes
    ) -> None:
        self.running, self.actor, self._key, self._fingerprint = running, actor, key, fingerprint
        self.correlation_id = correlation
        self.now: datetime = running.clock.now()
        self.region = running.settings.region
        self.reads = Lookup(running, {})
        self.expected: int | None = None

    @property
    def key(self) -> str:
        """The caller's idempotency key, with the caller's name before it."""
        return self._key

    def new_id(self) -> UUID:
        """A fresh UUIDv7 for a new stream."""
        return new_id(self.now)

    def require_match(self) -> None:
        """Insist on If-Match. Raises Problem 428."""
        if self.expected is None:
            raise Problem(428, "precondition_required", KNOWN["precondition_required"])

    async def decide(
        self,
        decider: Decider[Any, Any],
        stream: UUID,
        command: Any,
        *,
        status: int = 200,
        location: str | None = None,
        show: Mapping[str, Any] | None = None,
        once: Mapping[str, Any] | None = None,
        new: bool = False,
    ) -> Response:
        """Execute the command and answer it. `location` may hold `{id}`; `show` is added to the answer's body.

        `new` promises that `stream` came from new_id() just now. The same key again gets the same answer, but for
        what is answered `once`: a secret, which is kept nowhere and is null when the command is repeated.
        """

        def respond(facts: tuple[Fact, ...], version: int) -> Answer:
            topics = [contract_of(fact).topic for fact in facts]
            kept = {"id": str(stream), "version": version, "facts": topics, **(show or {})}
            return Answer(status, orjson.dumps(kept, default=str))

        def refuse(refused: Refused) -> Answer:
            problem = of_refusal(refused)
            return Answer(problem.status, body(problem, self.running.service))

        try:
            outcome = await execute(
                self.running.store,
                decider,
                stream,
                command,
                origin=self._origin(),
                key=self._key,
                fingerprint=self._fingerprint,
                expected=self.expected,
                new=new,
                respond=respond,
                refuse=refuse,
                sealer=self.running.sealer,
            )
        except VersionConflict:
            if self.expected is None:
                raise
            raise Problem(412, "version_mismatch", KNOWN["version_mismatch"]) from None
        return _answer(outcome, stream, location, once)

    def _origin(self) -> Origin:
        return Origin(
            region=self.region,
            service=self.running.service,
            actor=str(self.actor),
            at=self.now,
            correlation_id=self.correlation_id,
            causation_id=self._key,
        )


def _answer(
    outcome: Outcome, stream: UUID, location: str | None, once: Mapping[str, Any] | None = None
) -> Response:
    if outcome.status >= 400:
        return Response(outcome.response, outcome.status, media_type=MEDIA_TYPE)
    headers = {"ETag": f'"{outcome.version}"', "Alongside-Position": str(outcome.position)}
    if location:
        created = orjson.loads(outcome.response)["id"] if outcome.repeated else str(stream)
        headers["Location"] = location.replace("{id}", created)
    content = b'{"position":%d,%b' % (outcome.position, outcome.response[1:])
    if once:
        told = dict.fromkeys(once) if outcome.repeated else dict(once)
        content = content[:-1] + b"," + orjson.dumps(told, default=str)[1:]
    return Response(content, outcome.status, headers, "application/json")


async def _command_call(request: Request) -> CommandCall:
    headers = request.headers
    key = headers.get("idempotency-key", "")
    if not 1 <= len(key) <= MOST_KEY or not key.isprintable():
        raise Problem(400, "idempotency_key_missing", KNOWN["idempotency_key_missing"])
    running: Running = request.app.state.running
    if after := headers.get("alongside-after"):
        await caught_up(running, running.listeners, after)
    actor: Actor = request.state.actor
    scope = request.scope
    asked = hashlib.sha256(f"{scope['method']} {scope['path']}\n{actor}\n".encode())
    asked.update(scope["query_string"] + b"\n")
    asked.update(await request.body())
    # A key belongs to its caller: two callers that happen to choose the same one do not meet.
    call = CommandCall(
        running, actor, scope["state"]["correlation_id"], f"{actor.role}:{actor.name}:{key}", asked.digest()
    )
    if match := headers.get("if-match"):
        version = match.strip().removeprefix("W/").strip('"')
        if not version.isdecimal():
            raise Problem(412, "version_mismatch", 'If-Match must be the ETag that was read, such as "3"')
        call.expected = int(version)
    return call


def _lookup(request: Request) -> Lookup:
    shown: dict[str, UUID] = request.scope["state"].setdefault("shows", {})
    return Lookup(request.app.state.running, shown)


Call = Annotated[CommandCall, Depends(_command_call)]
Reads = Annotated[Lookup, Depends(_lookup)]
