"""Where the agency is on the web, and what it is called: what addresses in statements and credentials begin with."""

from functools import cache
from pathlib import Path
from uuid import UUID

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class AgencySettings(BaseSettings):
    """Environment variables that start with ALONGSIDE_. Addresses are kept by others for years: choose them once."""

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = Field(
        default="", description="where others reach this house; http://HOST:PORT when left out"
    )
    agency_name: str = Field(default="The agency", description="who issues credentials, in words")
    learning_systems: frozenset[str] | None = Field(
        default=None,
        description="names of the integrators that may state learning, as JSON; in development all, else none",
    )
    badge_keys: SecretStr | None = Field(
        default=None, description='{"secret": ..., "keys": [JWK, ...]}; the first key signs'
    )

    badge_keys_file: Path | None = Field(
        default=None, description="a file with the same: ./alongside training badge-keys makes it"
    )

    @property
    def home(self) -> str:
        """The agency's home page: the `homePage` of its mentors' accounts."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    def course_iri(self, course_id: UUID) -> str:
        """What a course is called in statements; it opens the course for whoever may see it."""
        return f"{self.home}/training/courses/{course_id}"

    def course_of(self, iri: str) -> UUID | None:
        """The course that an IRI names; None when it is none of this agency's."""
        start = f"{self.home}/training/courses/"
        try:
            found = UUID(iri.removeprefix(start)) if iri.startswith(start) else None
        except ValueError:
            return None
        return found if found is not None and self.course_iri(found) == iri else None


@cache
def agency() -> AgencySettings:
    """Read once in a process."""
    return AgencySettings()
