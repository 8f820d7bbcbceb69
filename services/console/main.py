"""The front door of the console."""

from typing import Annotated

import typer
import uvicorn
from pydantic import ValidationError

from services.console.app import build
from services.console.settings import ConsoleSettings

cli = typer.Typer(add_completion=False, help="The console.", no_args_is_help=True)


@cli.callback()
def console() -> None:
    """Web pages over the services."""


@cli.command()
def serve(
    prepare: Annotated[bool, typer.Option(help="Nothing to prepare: the console keeps nothing.")] = False,
) -> None:
    """Serve the pages until told to stop."""
    try:
        settings = ConsoleSettings()
    except ValidationError as error:
        for found in error.errors():
            name = "_".join(str(part) for part in found["loc"]).upper()
            typer.echo(f"ALONGSIDE_{name or 'settings'}: {found['msg']}", err=True)
        raise typer.Exit(2) from None
    uvicorn.run(
        build(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    cli()
