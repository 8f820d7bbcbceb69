"""Timetables."""

revision = "0002_timetables"
down_revision = "0001_sessions"


def upgrade() -> None:
    """Nothing yet."""
