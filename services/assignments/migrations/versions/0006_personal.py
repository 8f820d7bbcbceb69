"""What can't be read any more leaves no value where no text can say so."""

from alembic import op

revision = "0006_personal"
down_revision = "0005_calendars"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE provisions ALTER COLUMN outcomes DROP NOT NULL, ALTER COLUMN outcomes DROP DEFAULT;
        ALTER TABLE child_profiles ALTER COLUMN needs DROP NOT NULL, ALTER COLUMN languages DROP NOT NULL;
    """)


def downgrade() -> None:
    op.execute("""
        UPDATE provisions SET outcomes = '[]' WHERE outcomes IS NULL;
        ALTER TABLE provisions ALTER COLUMN outcomes SET DEFAULT '[]', ALTER COLUMN outcomes SET NOT NULL;
        UPDATE child_profiles SET needs = coalesce(needs, '{}'), languages = coalesce(languages, '{}');
        ALTER TABLE child_profiles ALTER COLUMN needs SET NOT NULL, ALTER COLUMN languages SET NOT NULL;
    """)
