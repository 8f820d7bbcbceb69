"""Session lifecycle."""

revision = "0003_session_lifecycle"
down_revision = "0002_timetables"


def upgrade() -> None:
    """Nothing yet."""
