"""Sessions, breaches of the role boundary, and what the gate needs."""

from alembic import op

revision = "0001_sessions"
down_revision = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE sessions (
            session_id uuid PRIMARY KEY,
            assignment_id uuid NOT NULL,
            mentor_id uuid NOT NULL,
            child_id uuid NOT NULL,
            school_id uuid NOT NULL,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            time_zone text NOT NULL,
            day date NOT NULL,
            state text NOT NULL,
            started_at timestamptz,
            activities jsonb,
            contact_minutes integer,
            ratio text,
            incidental_help boolean,
            notes text,
            logged_at timestamptz,
            late boolean,
            late_reason text,
            cancelled_by text,
            cancel_reason text,
            chargeable boolean,
            cancelled_at timestamptz
        );
        CREATE INDEX sessions_in_order ON sessions (starts_at, session_id);
        CREATE INDEX sessions_of_mentor ON sessions (mentor_id, starts_at, session_id);
        CREATE INDEX sessions_of_child ON sessions (child_id, starts_at, session_id);
        CREATE INDEX sessions_of_assignment ON sessions (assignment_id, starts_at);
        CREATE INDEX sessions_of_day ON sessions (day, starts_at, session_id);

        CREATE TABLE breaches (
            session_id uuid NOT NULL,
            attempted_at timestamptz NOT NULL,
            mentor_id uuid NOT NULL,
            child_id uuid NOT NULL,
            school_id uuid NOT NULL,
            activities jsonb NOT NULL,
            PRIMARY KEY (session_id, attempted_at)
        );
        CREATE INDEX breaches_in_order ON breaches (attempted_at, session_id);

        CREATE TABLE schools (school_id uuid PRIMARY KEY, time_zone text NOT NULL);

        CREATE TABLE assignments (
            assignment_id uuid PRIMARY KEY,
            mentor_id uuid NOT NULL,
            child_id uuid NOT NULL,
            school_id uuid NOT NULL,
            effective_from date NOT NULL,
            ended_on date
        );
        CREATE INDEX assignments_of_pair ON assignments (mentor_id, child_id);

        CREATE TABLE eligibility (
            mentor_id uuid NOT NULL,
            item text NOT NULL,
            proof text NOT NULL,
            valid_from date NOT NULL,
            valid_until date,
            withdrawn_on date,
            PRIMARY KEY (mentor_id, item, proof)
        );
    """)


def downgrade() -> None:
    op.execute("DROP TABLE eligibility, assignments, schools, breaches, sessions")
