"""Telling."""

revision = "0002_telling"
down_revision = "0001_inbox"


def upgrade() -> None:
    """Nothing yet."""
