"""Where the keyring is, for this process and for those that it starts."""

from dataclasses import dataclass, field
from pathlib import Path

from shared.kernel.sealing.postgres import PostgresKeyring
from shared.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class KeyringAt:
    """A keyring by its address, as this service's own role, and the directory of epoch keys."""

    url: str = field(repr=False)
    epoch_keys: Path

    async def __call__(self) -> PostgresKeyring:
        """Reach it; it connects when it is asked."""
        return PostgresKeyring(self.url, self.epoch_keys)


def keyring_of(settings: Settings) -> KeyringAt | None:
    """The keyring that a service was told of; none is told of in development alone."""
    if settings.keyring_url is None or settings.epoch_keys is None:
        return None
    return KeyringAt(settings.keyring_url.get_secret_value(), settings.epoch_keys)
