"""python -m services.audit.bundle BUNDLE: verify, with nothing of the rest of this program."""

import typer

from services.audit.bundle.verify_verb import verify_bundle

if __name__ == "__main__":
    typer.run(verify_bundle)
