"""Statements of learning systems, what followed from them, and credentials."""

from alembic import op

revision = "0004_learning"
down_revision = "0003_personal"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE statements (
            statement_id uuid PRIMARY KEY,
            position bigint,
            delivery_id uuid,
            version integer,
            fact_id uuid,
            mentor_id uuid,
            verb text,
            activity text,
            course_id uuid,
            registration uuid,
            refers_to uuid,
            success boolean,
            stored_at timestamptz,
            voided_by uuid
        );
        CREATE INDEX statements_by_position ON statements (position);
        CREATE INDEX statements_of_mentor ON statements (mentor_id, position);
        CREATE INDEX statements_by_reference ON statements (refers_to);
        CREATE INDEX statements_by_fact ON statements (fact_id);

        CREATE TABLE learned (
            enrolment_id uuid PRIMARY KEY,
            fact_id uuid,
            outcome text,
            certification_id uuid
        );
        CREATE INDEX learned_by_fact ON learned (fact_id);

        CREATE TABLE badges (
            certification_id uuid PRIMARY KEY,
            mentor_id uuid,
            track text,
            kind text,
            granted_on date,
            valid_from date,
            valid_until date,
            list_number integer,
            list_index integer,
            revoked_on date,
            revoked_at timestamptz
        );
        CREATE INDEX badges_of_mentor ON badges (mentor_id, certification_id);
        CREATE INDEX badges_revoked ON badges (list_number, list_index);
    """)


def downgrade() -> None:
    op.execute("DROP TABLE badges, learned, statements")
