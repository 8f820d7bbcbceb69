"""Calendars, timetables, who is away; what sessions come to for pay, pay periods, and a child's history."""

from alembic import op

revision = "0002_timetables"
down_revision = "0001_sessions"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE calendars (
            calendar_id uuid NOT NULL,
            position bigint NOT NULL,
            scope text NOT NULL,
            scope_key text NOT NULL,
            school_year integer NOT NULL,
            terms jsonb NOT NULL,
            closures jsonb NOT NULL,
            published_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (calendar_id, position)
        );
        CREATE INDEX calendars_of_scope ON calendars (scope, scope_key, school_year);

        CREATE TABLE school_authorities (school_id uuid PRIMARY KEY, local_authority text NOT NULL);
        CREATE INDEX schools_of_authority ON school_authorities (local_authority);

        CREATE INDEX assignments_of_child ON assignments (child_id);

        CREATE TABLE timetables (
            timetable_id uuid PRIMARY KEY,
            assignment_id uuid NOT NULL,
            mentor_id uuid NOT NULL,
            child_id uuid NOT NULL,
            school_id uuid NOT NULL,
            slots jsonb,
            effective_from date,
            effective_until date,
            time_zone text,
            set_at timestamptz,
            end_reason text,
            ended_on date,
            expanded_until date,
            next_at timestamptz
        );
        CREATE INDEX timetables_of_assignment ON timetables (assignment_id);
        CREATE INDEX timetables_of_mentor ON timetables (mentor_id);
        CREATE INDEX timetables_of_child ON timetables (child_id);
        CREATE INDEX timetables_of_school ON timetables (school_id);

        CREATE TABLE timetable_versions (
            timetable_id uuid NOT NULL,
            position bigint NOT NULL,
            slots jsonb NOT NULL,
            effective_from date NOT NULL,
            effective_until date,
            time_zone text NOT NULL,
            set_at timestamptz NOT NULL,
            PRIMARY KEY (timetable_id, position)
        );

        CREATE TABLE away (
            who uuid NOT NULL,
            position bigint NOT NULL,
            news text NOT NULL,
            since date NOT NULL,
            until date,
            PRIMARY KEY (who, position)
        );

        CREATE TABLE session_accounts (
            session_id uuid PRIMARY KEY,
            timetable_id uuid,
            cover boolean,
            assignment_id uuid,
            mentor_id uuid,
            child_id uuid,
            school_id uuid,
            time_zone text,
            day date,
            starts_at timestamptz,
            ends_at timestamptz,
            state text,
            by_hand boolean,
            cancelled_by text,
            cancel_reason text,
            chargeable boolean,
            cancelled_minutes integer,
            cancelled_at timestamptz,
            cancelled_position bigint,
            contact_minutes integer,
            approved_position bigint,
            period_id uuid,
            locked_at timestamptz,
            void_reason text,
            voided_at timestamptz,
            voided_position bigint
        );
        CREATE INDEX accounts_of_timetable ON session_accounts (timetable_id, day);
        CREATE INDEX accounts_of_day ON session_accounts (day, state);
        CREATE INDEX accounts_of_mentor ON session_accounts (mentor_id, day);
        CREATE INDEX accounts_of_child ON session_accounts (child_id, day);
        CREATE INDEX accounts_cancelled ON session_accounts (cancelled_position);
        CREATE INDEX accounts_voided ON session_accounts (voided_position);

        CREATE TABLE session_approvals (
            session_id uuid NOT NULL,
            position bigint NOT NULL,
            returned boolean NOT NULL,
            minutes integer,
            at timestamptz NOT NULL,
            PRIMARY KEY (session_id, position)
        );
        CREATE INDEX approvals_in_order ON session_approvals (position);

        CREATE TABLE session_corrections (
            session_id uuid NOT NULL,
            number integer NOT NULL,
            reason_code text NOT NULL,
            minutes_before integer NOT NULL,
            minutes integer NOT NULL,
            amended_at timestamptz NOT NULL,
            position bigint NOT NULL,
            PRIMARY KEY (session_id, number)
        );
        CREATE INDEX corrections_in_order ON session_corrections (position);

        CREATE TABLE pay_periods (
            period_id uuid PRIMARY KEY,
            starts_on date NOT NULL,
            ends_on date NOT NULL,
            cut_off_at timestamptz NOT NULL,
            opened_at timestamptz,
            totals jsonb,
            counted_to bigint,
            unresolved integer,
            force_reason text,
            closed_at timestamptz
        );
        CREATE INDEX pay_periods_in_order ON pay_periods (ends_on, period_id);

        CREATE TABLE child_history (
            source text NOT NULL,
            position bigint NOT NULL,
            child_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL,
            fact text NOT NULL,
            told jsonb NOT NULL,
            PRIMARY KEY (source, position)
        );
        CREATE INDEX history_of_child ON child_history (child_id, recorded_at);
    """)


def downgrade() -> None:
    op.execute("DROP TABLE child_history, pay_periods, session_corrections, session_approvals")
    op.execute("DROP TABLE session_accounts, away")
    op.execute("DROP INDEX assignments_of_child")
    op.execute("DROP TABLE timetable_versions, timetables, school_authorities, calendars")
