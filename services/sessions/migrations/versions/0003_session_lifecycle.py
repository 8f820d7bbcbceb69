"""The whole life of a session: its logs, returns, amendments; pauses, cover and outcomes for the gate."""

from alembic import op

revision = "0003_session_lifecycle"
down_revision = "0002_timetables"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE sessions
            ADD COLUMN timetable_id uuid,
            ADD COLUMN cover boolean NOT NULL DEFAULT false,
            ADD COLUMN finished_at timestamptz,
            ADD COLUMN overdue_minutes integer,
            ADD COLUMN missed_at timestamptz,
            ADD COLUMN areas jsonb,
            ADD COLUMN submission integer,
            ADD COLUMN logged_by text,
            ADD COLUMN log_overdue_hours integer,
            ADD COLUMN draft jsonb,
            ADD COLUMN return_reason text,
            ADD COLUMN approved_at timestamptz,
            ADD COLUMN approved_by text,
            ADD COLUMN locked_at timestamptz,
            ADD COLUMN period_id uuid,
            ADD COLUMN amendments integer NOT NULL DEFAULT 0,
            ADD COLUMN voided_at timestamptz,
            ADD COLUMN voided_by text,
            ADD COLUMN void_reason_code text,
            ADD COLUMN void_reason text;
        CREATE INDEX sessions_of_school ON sessions (school_id, starts_at, session_id);
        CREATE INDEX sessions_in_state ON sessions (state, starts_at, session_id);

        CREATE TABLE logs (
            session_id uuid NOT NULL,
            submission integer NOT NULL,
            mentor_id uuid NOT NULL,
            activities jsonb NOT NULL,
            areas jsonb NOT NULL,
            contact_minutes integer NOT NULL,
            ratio text NOT NULL,
            incidental_help boolean NOT NULL,
            notes text NOT NULL,
            logged_at timestamptz NOT NULL,
            logged_by text NOT NULL,
            late boolean NOT NULL,
            late_reason text,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (session_id, submission)
        );
        CREATE INDEX logs_late ON logs (session_id) WHERE late;
        CREATE INDEX logs_resubmitted ON logs (session_id) WHERE submission > 1;

        CREATE TABLE returns (
            session_id uuid NOT NULL,
            returned_at timestamptz NOT NULL,
            reason text NOT NULL,
            returned_by text NOT NULL,
            PRIMARY KEY (session_id, returned_at)
        );

        CREATE TABLE amendments (
            session_id uuid NOT NULL,
            number integer NOT NULL,
            reason_code text NOT NULL,
            reason text NOT NULL,
            activities_before jsonb NOT NULL,
            activities jsonb NOT NULL,
            areas jsonb NOT NULL,
            contact_minutes_before integer NOT NULL,
            contact_minutes integer NOT NULL,
            ratio_before text,
            ratio text NOT NULL,
            incidental_help boolean NOT NULL,
            notes text,
            amended_by text NOT NULL,
            amended_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (session_id, number)
        );

        CREATE TABLE overdue_logs (
            session_id uuid NOT NULL,
            wanted_since timestamptz NOT NULL,
            hours integer NOT NULL,
            overdue_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (session_id, wanted_since, hours)
        );

        CREATE TABLE ratings (
            session_id uuid NOT NULL,
            outcome_id uuid NOT NULL,
            child_id uuid NOT NULL,
            rating integer NOT NULL,
            rated_at timestamptz NOT NULL,
            PRIMARY KEY (session_id, outcome_id)
        );
        CREATE INDEX ratings_of_child ON ratings (child_id, outcome_id, rated_at);

        ALTER TABLE breaches ADD COLUMN actor text;

        CREATE TABLE patterns (
            mentor_id uuid NOT NULL,
            last_at timestamptz NOT NULL,
            child_id uuid NOT NULL,
            school_id uuid NOT NULL,
            count integer NOT NULL,
            since timestamptz NOT NULL,
            found_at timestamptz NOT NULL,
            PRIMARY KEY (mentor_id, last_at)
        );
        CREATE INDEX patterns_in_order ON patterns (found_at, mentor_id);

        ALTER TABLE assignments
            ADD COLUMN role text NOT NULL DEFAULT 'primary',
            ADD COLUMN effective_until date,
            ADD COLUMN cover_id uuid;

        CREATE TABLE pauses (
            assignment_id uuid NOT NULL,
            position bigint NOT NULL,
            paused_from date,
            resumed_on date,
            PRIMARY KEY (assignment_id, position)
        );

        CREATE TABLE days_aside (
            assignment_id uuid NOT NULL,
            day date NOT NULL,
            cover_id uuid NOT NULL,
            since timestamptz NOT NULL,
            PRIMARY KEY (assignment_id, day)
        );

        CREATE TABLE cover_days (
            cover_id uuid NOT NULL,
            mentor_id uuid NOT NULL,
            day date NOT NULL,
            given_back boolean NOT NULL,
            PRIMARY KEY (cover_id, mentor_id, day)
        );

        CREATE TABLE outcomes (child_id uuid PRIMARY KEY, outcome_ids jsonb NOT NULL);
    """)


def downgrade() -> None:
    op.execute("""
        DROP TABLE outcomes, cover_days, days_aside, pauses, patterns, ratings, overdue_logs, amendments,
            returns, logs;
        ALTER TABLE assignments DROP COLUMN role, DROP COLUMN effective_until, DROP COLUMN cover_id;
        ALTER TABLE breaches DROP COLUMN actor;
        DROP INDEX sessions_of_school, sessions_in_state;
        ALTER TABLE sessions
            DROP COLUMN timetable_id, DROP COLUMN cover, DROP COLUMN finished_at, DROP COLUMN overdue_minutes,
            DROP COLUMN missed_at, DROP COLUMN areas, DROP COLUMN submission, DROP COLUMN logged_by,
            DROP COLUMN log_overdue_hours, DROP COLUMN draft, DROP COLUMN return_reason,
            DROP COLUMN approved_at, DROP COLUMN approved_by, DROP COLUMN locked_at, DROP COLUMN period_id,
            DROP COLUMN amendments, DROP COLUMN voided_at, DROP COLUMN voided_by,
            DROP COLUMN void_reason_code, DROP COLUMN void_reason;
    """)
