"""Requests."""

revision = "0002_requests"
down_revision = "0001_read_model"


def upgrade() -> None:
    """Nothing yet."""
