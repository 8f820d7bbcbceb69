"""Questions."""

revision = "0002_questions"
down_revision = "0001_ledger"


def upgrade() -> None:
    """Nothing yet."""
