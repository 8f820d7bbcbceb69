"""Whom this service has been told to forget."""

from alembic import op

revision = "0002_erasure"
down_revision = "0001_projections"

_TABLES = """
-- What is erased of whom, since when: what is recorded about them later is quarantined.
CREATE TABLE erased_subjects (
    subject_id uuid NOT NULL,
    keep text NOT NULL,
    erasure_id uuid NOT NULL,
    ordered_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, keep)
);
CREATE INDEX erased_subjects_by_erasure ON erased_subjects (erasure_id);

-- Erasures done here. `position` is that of KeysDestroyed among audit's facts; `tables` counts rows by table.
CREATE TABLE forgotten (
    erasure_id uuid PRIMARY KEY,
    position bigint NOT NULL,
    tables jsonb NOT NULL,
    done_at timestamptz NOT NULL DEFAULT now()
);
"""


def upgrade() -> None:
    op.execute(_TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE erased_subjects, forgotten")
