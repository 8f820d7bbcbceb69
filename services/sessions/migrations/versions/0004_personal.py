"""Whose personal data a log, a return and an amendment hold, so that it can be taken out."""

from alembic import op

revision = "0004_personal"
down_revision = "0003_session_lifecycle"


def upgrade() -> None:
    for table in ("logs", "returns", "amendments"):
        op.execute(f"""
            ALTER TABLE {table} ADD COLUMN child_id uuid;
            UPDATE {table} t SET child_id = s.child_id FROM sessions s WHERE s.session_id = t.session_id;
            ALTER TABLE {table} ALTER COLUMN child_id SET NOT NULL;
            CREATE INDEX {table}_of_child ON {table} (child_id);
        """)


def downgrade() -> None:
    for table in ("logs", "returns", "amendments"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN child_id")
