"""What channels are told from outside: environment variables that start with ALONGSIDE_."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ChannelSettings(BaseSettings):
    """How mail and text messages leave; and where the console is, for a link."""

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_", extra="ignore", frozen=True)

    smtp_url: str = "smtp://127.0.0.1:25"
    mail_from: str = "alongside@localhost"
    mail_connections: int = Field(default=8, ge=1, le=100, description="to the mail server, at most")
    sms: Literal["console", "off"] = "console"
    mailbox: Path | None = Field(
        default=None,
        description="where a mail sink of development keeps what it took; a real server has none",
    )
    service_urls: Mapping[str, str] = {}

    @property
    def inbox_url(self) -> str | None:
        """Where a recipient reads more, when there is a console."""
        console = self.service_urls.get("console")
        return f"{console}/inbox" if console else None
