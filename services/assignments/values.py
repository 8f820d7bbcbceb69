"""What an agency may set otherwise: environment variables that start with ALONGSIDE_ASSIGNMENTS_."""

from functools import cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.assignments.domain.exclusive import STRICT


class Values(BaseSettings):
    """The policy values of this service."""

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_ASSIGNMENTS_", extra="ignore")

    exclusivity_limit: int = Field(
        default=STRICT,
        ge=1,
        le=10,
        description="primaries a child, and children a mentor, may have at once; 1 is strict",
    )


@cache
def values() -> Values:
    """As they were when the service started."""
    return Values()
