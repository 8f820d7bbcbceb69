"""Programmes, drafts, how enrolments go on, the ladder, suspensions, and what was known at a moment."""

from alembic import op

revision = "0002_programmes"
down_revision = "0001_compliance"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE courses
            ALTER COLUMN published_on DROP NOT NULL,
            ADD COLUMN state text NOT NULL DEFAULT 'published',
            ADD COLUMN drafted_on date;
        UPDATE courses SET state = 'retired' WHERE retired_on IS NOT NULL;
        ALTER TABLE courses ALTER COLUMN state DROP DEFAULT;

        CREATE TABLE programmes (
            role text NOT NULL,
            effective_from date NOT NULL,
            requirements jsonb NOT NULL,
            set_at timestamptz NOT NULL,
            set_by text NOT NULL,
            PRIMARY KEY (role, effective_from)
        );

        ALTER TABLE enrolments
            ADD COLUMN required_by text NOT NULL DEFAULT 'office',
            ADD COLUMN assigned_on date,
            ADD COLUMN overdue boolean NOT NULL DEFAULT false,
            ADD COLUMN started_on date,
            ADD COLUMN reason text,
            ADD COLUMN waived_by text,
            ADD COLUMN waived_on date,
            ADD COLUMN counts_for text,
            ADD COLUMN valid_until date,
            ADD COLUMN withdrawn_on date;
        UPDATE enrolments SET assigned_on = due_on;
        ALTER TABLE enrolments
            ALTER COLUMN required_by DROP DEFAULT,
            ALTER COLUMN assigned_on SET NOT NULL;
        CREATE INDEX enrolments_of_course ON enrolments (course_id, enrolment_id);

        ALTER TABLE evidence
            ADD COLUMN kind text,
            ADD COLUMN granted_on date,
            ADD COLUMN renews uuid,
            ADD COLUMN window_opens_on date,
            ADD COLUMN renew_by date,
            ADD COLUMN window_opened_on date,
            ADD COLUMN overdue_on date,
            ADD COLUMN expired_on date,
            ADD COLUMN seen_by text,
            ADD COLUMN ends date;
        UPDATE evidence SET ends = coalesce(valid_until, '9999-12-31');
        CREATE INDEX evidence_by_end ON evidence (ends, proof);

        ALTER TABLE mentors
            ADD COLUMN name text,
            ADD COLUMN email text,
            ADD COLUMN region text,
            ADD COLUMN suspended_on date,
            ADD COLUMN suspended_because text;
        CREATE INDEX mentors_by_email ON mentors (email);

        CREATE TABLE history (
            mentor_id uuid NOT NULL,
            position bigint NOT NULL,
            topic text NOT NULL,
            recorded_at timestamptz NOT NULL,
            actor text NOT NULL,
            data jsonb NOT NULL,
            PRIMARY KEY (mentor_id, position)
        );
    """)


def downgrade() -> None:
    op.execute("""
        DROP TABLE history, programmes;
        ALTER TABLE mentors
            DROP COLUMN name, DROP COLUMN email, DROP COLUMN region,
            DROP COLUMN suspended_on, DROP COLUMN suspended_because;
        DROP INDEX evidence_by_end;
        ALTER TABLE evidence
            DROP COLUMN kind, DROP COLUMN granted_on, DROP COLUMN renews, DROP COLUMN window_opens_on,
            DROP COLUMN renew_by, DROP COLUMN window_opened_on, DROP COLUMN overdue_on,
            DROP COLUMN expired_on, DROP COLUMN seen_by, DROP COLUMN ends;
        DROP INDEX enrolments_of_course;
        ALTER TABLE enrolments
            DROP COLUMN required_by, DROP COLUMN assigned_on, DROP COLUMN overdue, DROP COLUMN started_on,
            DROP COLUMN reason, DROP COLUMN waived_by, DROP COLUMN waived_on, DROP COLUMN counts_for,
            DROP COLUMN valid_until, DROP COLUMN withdrawn_on;
        DELETE FROM courses WHERE published_on IS NULL;
        ALTER TABLE courses
            DROP COLUMN state, DROP COLUMN drafted_on, ALTER COLUMN published_on SET NOT NULL;
    """)
