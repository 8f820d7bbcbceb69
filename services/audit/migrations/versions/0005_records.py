"""Records."""

revision = "0005_records"
down_revision = "0004_ledger"


def upgrade() -> None:
    """Nothing yet."""
