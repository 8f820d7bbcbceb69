"""What is personal of a recorded fact stands apart from the rest of it, so that it can be taken out."""

from alembic import op

revision = "0003_personal"
down_revision = "0002_programmes"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE history ADD COLUMN personal jsonb;
        UPDATE history SET
            personal = nullif(
                jsonb_strip_nulls(jsonb_build_object('reason', data->'reason', 'evidence', data->'evidence')),
                '{}'
            ),
            data = data - 'reason' - 'evidence'
        WHERE split_part(topic, '.', 2) IN (
            'CertificationGranted', 'CertificationRevoked', 'ClearanceWithdrawn', 'TrainingCompleted',
            'TrainingWaived'
        );
    """)


def downgrade() -> None:
    op.execute("""
        UPDATE history SET data = data || coalesce(personal, '{}');
        ALTER TABLE history DROP COLUMN personal;
    """)
