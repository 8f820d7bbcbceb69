"""Views."""

revision = "0003_views"
down_revision = "0002_questions"


def upgrade() -> None:
    """Nothing yet."""
