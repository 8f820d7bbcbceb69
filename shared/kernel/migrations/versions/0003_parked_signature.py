"""A parked fact keeps its producer's signature: taken in later, it is as good as any other."""

from alembic import op

revision = "0003_parked_signature"
down_revision = "0002_erasure"


def upgrade() -> None:
    op.execute("ALTER TABLE parked ADD COLUMN signature text NOT NULL DEFAULT ''")


def downgrade() -> None:
    op.execute("ALTER TABLE parked DROP COLUMN signature")
