"""Facts byte for byte, whom each concerns, and who supported whom."""

from alembic import op

revision = "0001_ledger"
down_revision = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE facts (
            source text NOT NULL,
            position bigint NOT NULL,
            id uuid NOT NULL,
            type text NOT NULL,
            aggregate text NOT NULL,
            stream uuid NOT NULL,
            version bigint NOT NULL,
            recorded_at timestamptz NOT NULL,
            correlation_id text NOT NULL,
            causation_id text NOT NULL,
            actor text NOT NULL,
            sha256 text NOT NULL,
            body bytea NOT NULL,
            PRIMARY KEY (source, position)
        );
        CREATE INDEX facts_in_time ON facts (recorded_at, source, position);
        CREATE INDEX facts_of_source_in_time ON facts (source, recorded_at, position);
        CREATE INDEX facts_by_id ON facts (id);
        CREATE INDEX facts_by_stream ON facts (stream, version);
        CREATE INDEX facts_by_type ON facts (type, recorded_at);
        CREATE INDEX facts_by_correlation ON facts (correlation_id);

        CREATE TABLE concerns (
            kind text NOT NULL,
            subject_id uuid NOT NULL,
            source text NOT NULL,
            position bigint NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (kind, subject_id, source, position)
        );
        CREATE INDEX concerns_in_time ON concerns (kind, subject_id, recorded_at, source, position);
        CREATE INDEX concerns_of_fact ON concerns (source, position, kind);

        CREATE TABLE supports (
            assignment_id uuid PRIMARY KEY,
            child_id uuid NOT NULL,
            mentor_id uuid NOT NULL,
            recorded_at timestamptz,
            since timestamptz,
            until timestamptz
        );
        CREATE INDEX supports_of_child ON supports (child_id);
        CREATE INDEX supports_by_mentor ON supports (mentor_id);
    """)
