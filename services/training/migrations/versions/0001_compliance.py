"""Courses, enrolments, what mentors have shown, and how they stand."""

from alembic import op

revision = "0001_compliance"
down_revision = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE courses (
            course_id uuid PRIMARY KEY,
            track text NOT NULL,
            title text NOT NULL,
            version integer NOT NULL,
            valid_months integer,
            published_on date NOT NULL,
            retired_on date
        );

        CREATE TABLE enrolments (
            enrolment_id uuid PRIMARY KEY,
            mentor_id uuid NOT NULL,
            course_id uuid NOT NULL,
            track text NOT NULL,
            due_on date NOT NULL,
            state text NOT NULL,
            completed_on date,
            evidence text,
            failed_on date
        );
        CREATE INDEX enrolments_of_mentor ON enrolments (mentor_id, enrolment_id);

        CREATE TABLE evidence (
            mentor_id uuid NOT NULL,
            item text NOT NULL,
            proof text NOT NULL,
            valid_from date NOT NULL,
            valid_until date,
            withdrawn_on date,
            withdrawn_because text,
            last_status_check_on date,
            enrolment_id uuid,
            PRIMARY KEY (mentor_id, item, proof)
        );

        CREATE TABLE mentors (
            mentor_id uuid PRIMARY KEY,
            state text NOT NULL DEFAULT 'vetting',
            since date,
            reasons jsonb NOT NULL DEFAULT '[]',
            engaged_on date,
            left_on date
        );
        CREATE INDEX mentors_by_state ON mentors (state, mentor_id);
    """)


def downgrade() -> None:
    op.execute("DROP TABLE mentors, evidence, enrolments, courses")
