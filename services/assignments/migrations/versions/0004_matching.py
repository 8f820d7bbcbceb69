"""Plans of matches."""

from alembic import op

revision = "0004_matching"
down_revision = "0003_mentors_and_cover"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE match_plans (
            plan_id uuid PRIMARY KEY,
            planned_for date NOT NULL,
            local_authority text,
            least smallint NOT NULL,
            matched integer NOT NULL,
            unmatched integer NOT NULL,
            proposed_at timestamptz NOT NULL
        );
        CREATE INDEX match_plans_by_time ON match_plans (proposed_at, plan_id);
        CREATE TABLE matches (
            plan_id uuid,
            child_id uuid,
            mentor_id uuid,
            assignment_id uuid,
            points smallint[],
            total smallint,
            better integer,
            reason text,
            set_aside text,
            PRIMARY KEY (plan_id, child_id)
        );
    """)
