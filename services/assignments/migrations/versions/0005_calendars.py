"""School calendars: on which days nobody has to be looked for."""

from alembic import op

revision = "0005_calendars"
down_revision = "0004_matching"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE calendars (
            calendar_id uuid PRIMARY KEY,
            scope text NOT NULL,
            scope_key text NOT NULL,
            school_year integer NOT NULL,
            terms jsonb NOT NULL,
            closures jsonb NOT NULL
        );
        CREATE INDEX calendars_of_scope ON calendars (scope, scope_key);
    """)
