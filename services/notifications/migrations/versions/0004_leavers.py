"""Since when a mentor works here no more: what would be said of their work is then nobody's business."""

from alembic import op

revision = "0004_leavers"
down_revision = "0003_channels"


def upgrade() -> None:
    op.execute("CREATE TABLE leavers (mentor_id uuid PRIMARY KEY, left_on date NOT NULL)")
