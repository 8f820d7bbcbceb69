"""The bus of one house: who is on it, the file that tells the server so, and what is made on it at its start."""

from collections.abc import Collection
from pathlib import Path

from deploy.credentials import write_private
from deploy.nats import rendering, users
from deploy.nats.declaration import PROVISIONER
from deploy.nats.provisioning import provision
from shared.kernel.integrators import Integrators

INTEGRATORS = "integrators.json"
ACCOUNTS = "accounts.conf"


class HouseBus:
    """`has_users` is what the server itself said: one that was given may let in everybody."""

    def __init__(self, data: Path, region: str) -> None:
        self.data, self.region, self.has_users = data, region, False

    def write_accounts(self) -> None:
        """The file that the server's configuration includes, from the declaration and today's integrators."""
        write_accounts(self.data, self.region)

    def seed(self, user: str) -> str | None:
        """None where the server asks nobody who they are."""
        return users.seed_of(self.data, self.region, user) if self.has_users else None

    def process_seeds(self, service: str) -> str | None:
        return users.process_seeds(self.data, self.region, service) if self.has_users else None

    def provision(self, url: str, services: Collection[str]) -> None:
        """Where there are no users the services do it themselves."""
        if seed := self.seed(PROVISIONER):
            provision(url, seed, users.declared(self.region), services)


def write_accounts(data: Path, region: str) -> None:
    known = Integrators(data / INTEGRATORS).all()
    text = rendering.accounts(users.declared(region, known), users.public_keys(data, region))
    (data / "nats").mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(data / "nats" / ACCOUNTS, text)
