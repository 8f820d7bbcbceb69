"""What the console is told from outside: environment variables that start with ALONGSIDE_."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SERVICES = ("assignments", "sessions", "training", "notifications", "audit")


class ConsoleSettings(BaseSettings):
    """Start is refused when these do not fit together. ALONGSIDE_SERVICE_URLS is JSON: name -> URL."""

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_", extra="ignore")

    service_urls: Mapping[str, str] = Field(default_factory=dict)
    region: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    profile: Literal["dev", "production"] = "production"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)

    @model_validator(mode="after")
    def _development_stays_at_home(self) -> Self:
        if self.profile != "dev":
            raise ValueError("no identity provider is built in yet: only ALONGSIDE_PROFILE=dev can start")
        if not (self.host == "localhost" or ip_address(self.host).is_loopback):
            raise ValueError(
                "the dev profile lets anybody choose who they are: ALONGSIDE_HOST must be loopback"
            )
        return self
