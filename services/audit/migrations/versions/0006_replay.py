"""Replay."""

revision = "0006_replay"
down_revision = "0005_records"


def upgrade() -> None:
    """Nothing yet."""
