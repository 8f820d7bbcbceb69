"""Mentors and cover."""

revision = "0003_mentors_and_cover"
down_revision = "0002_requests"


def upgrade() -> None:
    """Nothing yet."""
