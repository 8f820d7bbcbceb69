"""What webhooks are told from outside: environment variables that start with ALONGSIDE_."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class WebhookSettings(BaseSettings):
    """How endpoints sign, and where they may be."""

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_", extra="ignore", frozen=True)

    webhook_key: SecretStr | None = Field(
        default=None, min_length=32, description="the secrets of all endpoints follow from it"
    )
    webhook_ports: tuple[int, ...] = Field(default=(443, 8443), description="ports that endpoints may have")
    webhook_loopback: Literal["refuse", "allow"] = Field(
        default="refuse", description="http and https to this machine; in the dev profile alone"
    )
    profile: Literal["dev", "production"] = "production"

    @property
    def loopback(self) -> bool:
        """Whether an endpoint may be on this machine."""
        return self.profile == "dev" and self.webhook_loopback == "allow"
