"""What a service is told from outside: environment variables that start with ALONGSIDE_."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.kernel.signing import Signing

PARTS = frozenset({"api", "relay", "projector", "due"})


class Settings(BaseSettings):
    """Start is refused when these do not fit together."""

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_", extra="ignore")

    database_url: SecretStr = Field(
        description="this service's own database, postgresql://role:password@host/name"
    )
    nats_url: str = "nats://127.0.0.1:4222"
    nats_monitor_url: str | None = Field(
        default=None, description="the server's monitoring port: only there can sync_interval be checked"
    )
    region: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="the region this deployment serves")
    profile: Literal["dev", "production"] = "production"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    smtp_url: str = "smtp://127.0.0.1:25"
    log: Literal["json", "console"] = "json"
    signing_key: SecretStr | None = Field(
        default=None, description="what this service signs its facts with: PRIVATE+KEY+<region>/<service>+..."
    )

    keyring_url: SecretStr | None = Field(
        default=None,
        description="the keyring, as this service's own role: postgresql://role:password@host/name",
    )
    epoch_keys: Path | None = Field(
        default=None, description="the directory with the keys that the keyring's keys are wrapped with"
    )

    nats_seed: SecretStr | None = Field(
        default=None,
        description="who this process is on the bus: one seed for all its parts, or 'relay=SU... projector=SU...';"
        " none for a server without users",
    )
    nats_seed_file: Path | None = Field(
        default=None, description="the file with what ALONGSIDE_NATS_SEED would say; a credentials file too"
    )
    integrators: Path | None = Field(
        default=None, description="the file with the integrators and what each may see (integrators.json)"
    )

    @model_validator(mode="after")
    def _development_stays_at_home(self) -> Self:
        if self.profile == "dev" and not _loopback(self.host):
            raise ValueError(
                "the dev profile takes anybody's word for who they are: ALONGSIDE_HOST must be loopback"
            )
        if self.profile != "dev":
            raise ValueError("no identity provider is built in yet: only ALONGSIDE_PROFILE=dev can start")
        return self

    @model_validator(mode="after")
    def _sealing_is_whole(self) -> Self:
        if (self.keyring_url is None) != (self.epoch_keys is None):
            raise ValueError(
                "ALONGSIDE_KEYRING_URL and ALONGSIDE_EPOCH_KEYS go together: neither opens anything alone"
            )
        if self.profile != "dev" and self.keyring_url is None:
            raise ValueError(
                "ALONGSIDE_KEYRING_URL and ALONGSIDE_EPOCH_KEYS are needed: personal fields are sealed"
            )
        return self

    def seed(self, part: Literal["relay", "projector", "provisioner"]) -> str | None:
        """What this part shows the bus; None when it was given nothing. Raises OSError on a file not there."""
        said = self.nats_seed.get_secret_value() if self.nats_seed else ""
        if self.nats_seed_file:
            said = self.nats_seed_file.read_text()
        if "=" not in said.partition("\n")[0]:
            return said.strip() or None
        return dict(word.split("=", 1) for word in said.split()).get(part)

    def signing(self, service: str) -> Signing | None:
        """What this service signs its facts with; None when it was given no key. Raises Malformed."""
        key = self.signing_key.get_secret_value() if self.signing_key else None
        return Signing.of(self.region, service, key)


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
