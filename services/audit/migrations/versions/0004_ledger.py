"""The transparency log: its entries, tiles and checkpoints, what is wrong, and what producers signed."""

from alembic import op

revision = "0004_ledger"
down_revision = "0003_views"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE facts ADD COLUMN signature text NOT NULL DEFAULT '-';

        CREATE TABLE ledger_entries (
            index bigint PRIMARY KEY,
            source text NOT NULL,
            position bigint NOT NULL,
            leaf bytea NOT NULL,
            UNIQUE (source, position)
        );
        CREATE TABLE ledger_tiles (
            path text PRIMARY KEY,
            bytes bytea NOT NULL
        );
        CREATE TABLE ledger_checkpoints (
            size bigint PRIMARY KEY,
            root text NOT NULL,
            note bytea NOT NULL,
            witnessed_at timestamptz NOT NULL,
            published_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX ledger_checkpoints_in_time ON ledger_checkpoints (witnessed_at, size);
        CREATE TABLE ledger_findings (
            finding text NOT NULL,
            source text NOT NULL,
            position bigint NOT NULL,
            until_position bigint NOT NULL,
            index bigint,
            detail text NOT NULL,
            found_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (finding, source, position, detail)
        );
        CREATE TABLE ledger_progress (
            "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
            checked bigint NOT NULL DEFAULT 0,
            refused text,
            unpublished_since timestamptz,
            why text
        );
        INSERT INTO ledger_progress DEFAULT VALUES;
    """)
