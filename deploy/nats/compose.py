"""The configuration of the Compose file's server: the same accounts, with the keys of one data directory.

python -m deploy.nats.compose [--data DIR] [--region REGION]    before `docker compose up`, and after an integrator came
"""

from pathlib import Path
from typing import Annotated

import typer

from deploy.credentials import write_private
from deploy.embedded import REGION
from deploy.engines.nats import configuration
from deploy.nats.house import ACCOUNTS, write_accounts
from deploy.running import DEFAULT_DATA

FOLDER = "nats-compose"


def write(data: Path, region: str) -> Path:
    """The folder that the container mounts as /etc/nats."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_accounts(data, region)
    write_private(folder / ACCOUNTS, (data / "nats" / ACCOUNTS).read_text())
    write_private(folder / "nats.conf", configuration("0.0.0.0", 4222, 8222, "/data", ACCOUNTS))
    return folder


def main(
    data: Annotated[Path, typer.Option(help="The data directory that `up` will have.")] = DEFAULT_DATA,
    region: Annotated[str, typer.Option(help="The region this house serves.")] = REGION,
) -> None:
    """Write what the container reads."""
    typer.echo(f"written to {write(data.resolve(), region)}")


if __name__ == "__main__":
    typer.run(main)
