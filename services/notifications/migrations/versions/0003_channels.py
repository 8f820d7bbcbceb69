"""Channels."""

revision = "0003_channels"
down_revision = "0002_telling"


def upgrade() -> None:
    """Nothing yet."""
