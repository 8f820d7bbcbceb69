"""Matching."""

revision = "0004_matching"
down_revision = "0003_mentors_and_cover"


def upgrade() -> None:
    """Nothing yet."""
