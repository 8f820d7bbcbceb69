"""Programmes."""

revision = "0002_programmes"
down_revision = "0001_compliance"


def upgrade() -> None:
    """Nothing yet."""
