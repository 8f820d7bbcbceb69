"""Erasure."""

revision = "0002_erasure"
down_revision = "0001_projections"


def upgrade() -> None:
    """Nothing yet."""
