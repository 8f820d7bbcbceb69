"""A service: its name, its rooms, and the one way in which all of them start."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Protocol

import typer
from fastapi import APIRouter
from pydantic import ValidationError
from sqlalchemy import MetaData

from shared.contracts.fact import Fact
from shared.contracts.forgotten import Forgotten
from shared.kernel.erasure.listener import FORGETTING
from shared.kernel.projection import DueAction, Effect, Policy, Projection, Queue, RawProjection
from shared.kernel.running import Running
from shared.kernel.settings import PARTS, Settings


class Work(Protocol):
    """Something that a service does by itself, beside following facts, for as long as the process lives."""

    @property
    def state(self) -> tuple[bool, str]:
        """Whether it is as it should be, and how it is in words: a check of `/ready`."""

    async def run(self) -> None:
        """Goes on until it is cancelled; begun again when it fails."""


@dataclass(frozen=True)
class Service:
    """What the kernel has to know to run a service. `main.py` makes one and calls `run`.

    `refusals` explains each refusal code to whoever opens a problem's `type`; `large_bodies` names the paths that
    take more than 1 MB, and how many bytes. `viewed` is recorded for every GET whose address or route names one
    of the ids that this fact concerns. `works` run where listeners do, each under its name. `forgotten` is recorded
    when the service has forgotten somebody; a service that keeps nothing of anybody has none.
    """

    name: str
    routers: Sequence[APIRouter]
    metadata: MetaData
    migrations: Path | None
    projections: Sequence[Projection | RawProjection] = ()
    policies: Sequence[Policy] = ()
    effects: Sequence[Effect] = ()
    queues: Sequence[Queue] = ()
    due: Mapping[str, DueAction] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)
    large_bodies: Mapping[str, int] = field(default_factory=dict)
    viewed: type[Fact] | None = None
    works: Mapping[str, Callable[[Running], Work]] = field(default_factory=dict)
    forgotten: type[Forgotten] | None = None

    @property
    def listeners(self) -> tuple[Projection | RawProjection | Policy | Effect | Queue, ...]:
        """Everything that follows facts, its own or others'."""
        forgetting = (FORGETTING,) if self.forgotten else ()
        return (*self.projections, *self.policies, *self.effects, *self.queues, *forgetting)


def run(service: Service) -> None:
    """The command line of a service process: `serve`, `migrate`, `provision`, `listeners`."""
    app = typer.Typer(add_completion=False, help=f"The {service.name} service.", no_args_is_help=True)

    @app.command()
    def migrate() -> None:
        """Bring this service's database to the newest schema."""
        from shared.kernel import process

        process.prepare_database(service, _settings())

    @app.command()
    def provision() -> None:
        """Make this service's stream, the streams it reads, and its durables."""
        from shared.kernel import process

        process.prepare_bus(service, _settings())

    @app.command()
    def listeners() -> None:
        """Say who follows facts here, as JSON: for programs that may not import a service."""
        from shared.kernel.listed import listed

        typer.echo(json.dumps(listed(service)))

    @app.command()
    def serve(
        prepare: Annotated[bool, typer.Option(help="Migrate and provision first.")] = False,
        parts: Annotated[
            str, typer.Option(help="Which parts this process runs, separated by commas.")
        ] = "all",
    ) -> None:
        """Run the service until it is told to stop."""
        from shared.kernel import process

        chosen = PARTS if parts == "all" else frozenset(parts.split(","))
        if not chosen <= PARTS:
            raise typer.BadParameter(f"--parts takes {', '.join(sorted(PARTS))} or all, not {parts!r}")
        process.serve(service, _settings(), chosen, prepare)

    app()


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        for found in error.errors():
            name = "_".join(str(part) for part in found["loc"]).upper()
            typer.echo(f"ALONGSIDE_{name or 'settings'}: {found['msg']}", err=True)
        raise typer.Exit(2) from None
