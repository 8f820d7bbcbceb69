"""Ledger."""

revision = "0004_ledger"
down_revision = "0003_views"


def upgrade() -> None:
    """Nothing yet."""
