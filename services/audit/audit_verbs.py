"""./alongside audit: take a part of the ledger away in one file, and judge such a file offline."""

import typer

from services.audit.bundle.export_verb import export_bundle
from services.audit.bundle.verify_verb import verify_bundle
from services.audit.ledger.reconcile_verb import reconcile

# Others add their own: audit.command()(...) or audit.add_typer(...), at the end of this file.
audit = typer.Typer(
    help="Take a part of the ledger away in one file, and judge such a file offline.",
    no_args_is_help=True,
    add_completion=False,
)
audit.command("export")(export_bundle)
audit.command("verify")(verify_bundle)
audit.command()(reconcile)


@audit.callback()
def _audit() -> None:
    """A group, however few verbs are in it."""
