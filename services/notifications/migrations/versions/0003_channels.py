"""What came into whose inbox, for those who watch; the sessions of calendars, and their secret addresses."""

from alembic import op

revision = "0003_channels"
down_revision = "0002_telling"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE arrivals (
            position bigint PRIMARY KEY,
            recipient_id uuid NOT NULL,
            notification_id uuid NOT NULL
        );
        CREATE INDEX arrivals_of_recipient ON arrivals (recipient_id, position);

        CREATE TABLE calendar (
            session_id uuid PRIMARY KEY,
            mentor_id uuid,
            child_id uuid,
            school_id uuid,
            starts_at timestamptz,
            ends_at timestamptz,
            time_zone text NOT NULL DEFAULT 'Europe/London',
            cover boolean NOT NULL DEFAULT false,
            cancelled boolean NOT NULL DEFAULT false,
            sequence integer NOT NULL DEFAULT 0,
            changed_at timestamptz
        );
        CREATE INDEX calendar_of_mentor ON calendar (mentor_id, starts_at);
        CREATE INDEX calendar_of_child ON calendar (child_id, starts_at);
        CREATE INDEX calendar_of_school ON calendar (school_id, starts_at);

        CREATE TABLE calendar_links (
            recipient_id uuid PRIMARY KEY,
            digest text NOT NULL,
            issued_at timestamptz NOT NULL
        );
        CREATE UNIQUE INDEX calendar_links_by_digest ON calendar_links (digest);
    """)
