"""Replays of a region, put down and taken up again; bytes of reports; which facts of mentors are about no child."""

from alembic import op

revision = "0006_replay"
down_revision = "0005_records"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE replays (
            id uuid PRIMARY KEY,
            known_at timestamptz NOT NULL,
            "on" date NOT NULL,
            verified boolean NOT NULL,
            up_to jsonb NOT NULL,
            ledger jsonb,
            fold text NOT NULL,
            state text NOT NULL DEFAULT 'waiting',
            source text NOT NULL DEFAULT '',
            position bigint NOT NULL DEFAULT 0,
            folded bigint NOT NULL DEFAULT 0,
            total bigint NOT NULL,
            facts_per_second bigint NOT NULL DEFAULT 0,
            checkpoint bytea,
            result bytea,
            result_sha256 text,
            error text NOT NULL DEFAULT '',
            asked_by text NOT NULL,
            made_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX replays_made ON replays (made_at);
        ALTER TABLE concerns ADD COLUMN about_child boolean NOT NULL DEFAULT true;
        UPDATE concerns c SET about_child = false WHERE kind = 'mentor' AND NOT EXISTS (
            SELECT FROM concerns o WHERE o.source = c.source AND o.position = c.position AND o.kind = 'child');
        ALTER TABLE concerns ALTER COLUMN about_child DROP DEFAULT;
        CREATE INDEX concerns_of_no_child ON concerns (kind, subject_id, recorded_at, source, position)
            WHERE NOT about_child;
        CREATE TABLE reports (
            report_id uuid PRIMARY KEY,
            body bytea NOT NULL
        );
    """)
