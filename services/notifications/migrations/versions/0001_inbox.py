"""Recipients, what they were told, and what became of it."""

from alembic import op

revision = "0001_inbox"
down_revision = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE recipients (
            recipient_id uuid PRIMARY KEY,
            role text NOT NULL,
            name text NOT NULL,
            email text NOT NULL,
            region text NOT NULL,
            mentor_id uuid,
            child_id uuid,
            school_id uuid
        );
        CREATE INDEX recipients_by_role ON recipients (region, role);
        CREATE INDEX recipients_by_mentor ON recipients (mentor_id);
        CREATE INDEX recipients_by_child ON recipients (child_id);
        CREATE INDEX recipients_by_school ON recipients (school_id);

        CREATE TABLE children (child_id uuid PRIMARY KEY, name text NOT NULL, school_id uuid);
        CREATE TABLE mentors (mentor_id uuid PRIMARY KEY, name text NOT NULL);
        CREATE TABLE sessions (
            session_id uuid PRIMARY KEY,
            starts_at timestamptz,
            time_zone text NOT NULL
        );

        CREATE TABLE notifications (
            notification_id uuid PRIMARY KEY,
            recipient_id uuid NOT NULL,
            type text NOT NULL,
            urgent boolean NOT NULL,
            subject_line text NOT NULL,
            body text NOT NULL,
            cause uuid NOT NULL,
            correlation_id text NOT NULL,
            requested_at timestamptz NOT NULL,
            child_id uuid,
            mentor_id uuid,
            session_id uuid,
            acknowledged_at timestamptz
        );
        CREATE INDEX notifications_newest_first ON notifications (requested_at, notification_id);
        CREATE INDEX notifications_of_recipient
            ON notifications (recipient_id, requested_at, notification_id);

        CREATE TABLE deliveries (
            notification_id uuid NOT NULL,
            channel text NOT NULL,
            status text NOT NULL,
            attempt integer NOT NULL,
            reason text,
            at timestamptz,
            retry_at timestamptz,
            PRIMARY KEY (notification_id, channel)
        );
        CREATE INDEX deliveries_by_status ON deliveries (status, channel);
    """)
