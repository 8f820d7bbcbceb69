"""How people want to be told, the whole life of a notification, and what was done after an alert."""

from alembic import op

revision = "0002_telling"
down_revision = "0001_inbox"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE recipients
            ADD COLUMN phone text,
            ADD COLUMN language text NOT NULL DEFAULT 'en',
            ADD COLUMN preferences jsonb,
            ADD COLUMN removed_at timestamptz;

        CREATE TABLE supports (
            assignment_id uuid PRIMARY KEY,
            child_id uuid NOT NULL,
            mentor_id uuid NOT NULL,
            school_id uuid NOT NULL
        );
        CREATE INDEX supports_of_mentor ON supports (mentor_id);
        CREATE INDEX supports_of_child ON supports (child_id);

        CREATE TABLE actions (
            fact_id uuid PRIMARY KEY,
            mentor_id uuid NOT NULL,
            item text NOT NULL,
            what text NOT NULL,
            at timestamptz NOT NULL
        );
        CREATE INDEX actions_of_mentor ON actions (mentor_id, item, at);

        -- text is no longer kept: it is written where it is read
        ALTER TABLE notifications
            DROP COLUMN subject_line,
            DROP COLUMN body,
            ADD COLUMN category text NOT NULL DEFAULT 'support',
            ADD COLUMN language text NOT NULL DEFAULT 'en',
            ADD COLUMN parameters jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN deduplication_key text NOT NULL DEFAULT '',
            ADD COLUMN thread text NOT NULL DEFAULT '',
            ADD COLUMN held_for text,
            ADD COLUMN deliver_after timestamptz,
            ADD COLUMN needs_acknowledgement boolean NOT NULL DEFAULT false,
            ADD COLUMN acknowledge_by timestamptz,
            ADD COLUMN alert_id uuid,
            ADD COLUMN escalated_from uuid,
            ADD COLUMN includes jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN in_inbox boolean NOT NULL DEFAULT true,
            ADD COLUMN read_at timestamptz,
            ADD COLUMN escalated_at timestamptz,
            ADD COLUMN suppressed text,
            ADD COLUMN superseded_by uuid;
        CREATE INDEX notifications_of_thread ON notifications (thread, recipient_id);
        CREATE INDEX notifications_of_mentor ON notifications (mentor_id, requested_at);
        CREATE INDEX notifications_of_child ON notifications (child_id, requested_at);

        ALTER TABLE deliveries ADD COLUMN recipient_id uuid, ADD COLUMN delivered_at timestamptz;
        CREATE INDEX deliveries_newest_first ON deliveries (at, notification_id, channel);
        CREATE INDEX deliveries_of_recipient ON deliveries (recipient_id, at);
    """)
